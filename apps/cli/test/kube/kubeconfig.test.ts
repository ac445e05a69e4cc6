import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withUser } from '../../src/commands/kube/kubeconfig.ts';

const user = { name: 'drawbridge', exec: { command: 'drawbridge', args: ['kube', 'credential'] } };
const present = `# of the platform team
apiVersion: v1
kind: Config
clusters:
  - name: staging
    cluster: { server: "https://k8s.acme.example" } # behind the tunnel
contexts:
  - name: staging
    context: { cluster: staging, user: admin, namespace: shop }
users:
  - name: admin
    user: { token: very-secret }
`;

describe('the user in a kubeconfig', () => {
  it('is added, and comments, others and their secrets stay', async () => {
    const { text, changed } = await withUser(present, user, undefined, 'config');
    expect(changed).toBe(true);
    for (const kept of ['# of the platform team', '# behind the tunnel', 'very-secret'])
      expect(text).toContain(kept);
    expect(parse(text)).toMatchObject({
      contexts: [{ name: 'staging', context: { user: 'admin' } }],
      users: [{ name: 'admin' }, { name: 'drawbridge', user: { exec: { command: 'drawbridge' } } }],
    });
  });

  it('is written once: what is there already changes nothing', async () => {
    const { text } = await withUser(present, user, 'staging', 'config');
    expect(parse(text)).toMatchObject({
      contexts: [{ name: 'staging', context: { cluster: 'staging', user: 'drawbridge', namespace: 'shop' } }],
    });
    expect(await withUser(text, user, 'staging', 'config')).toEqual({ text, changed: false });
  });

  it('is replaced where it says something else, at its place', async () => {
    const { text } = await withUser(present, user, undefined, 'config');
    const other = { ...user, exec: { command: 'other' } };
    const replaced = parse((await withUser(text, other, undefined, 'config')).text) as { users: unknown[] };
    expect(replaced.users).toHaveLength(2);
    expect(replaced.users[1]).toEqual({ name: 'drawbridge', user: { exec: { command: 'other' } } });
  });

  it('makes a file where there is none', async () => {
    const { text } = await withUser('', user, undefined, 'config');
    expect(parse(text)).toMatchObject({ apiVersion: 'v1', kind: 'Config', users: [{ name: 'drawbridge' }] });
  });

  it('names the contexts that there are, and quotes nothing of a file that is none', async () => {
    await expect(withUser(present, user, 'stagging', 'config')).rejects.toMatchObject({
      code: 'not_found',
      fix: '--context with one of: staging',
    });
    for (const broken of ['users: [very-secret', '- very-secret', '"very-secret"']) {
      const error = await withUser(broken, user, undefined, 'config').catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'file_unreadable' });
      expect(JSON.stringify(error) + String(error)).not.toContain('very-secret');
    }
  });
});
