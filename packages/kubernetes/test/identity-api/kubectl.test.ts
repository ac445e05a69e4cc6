import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findKubectls, type KubectlSession, kubectlSession } from '../support/kubectl.ts';
import { base, group, type OpenApi, startWorld, type World } from './support/world.ts';

const kubectls = await findKubectls();

it.skipIf(kubectls.length > 0)('kubectl is not here: its suite is skipped', () => undefined);

describe.each(kubectls)('kubectl 1.$minor against the identity API alone', ({ path, minor }) => {
  let world: World;
  let open: OpenApi;
  let kubectl: KubectlSession;
  let me: { readonly id: string; readonly token: string };
  let account: string;

  beforeAll(async () => {
    world = await startWorld();
    const { instance } = world;
    me = await instance.machine();
    const { username = '' } = await instance.zitadel.users.get((await instance.machine()).id);
    account = username;
    open = await world.open({
      groups: [group],
      subjectAccess: async ({ resource }) => ({ allowed: resource === 'serviceaccountkeys' }),
      serviceAccountKeys: { organizationId: instance.organizationId },
    });
    kubectl = await kubectlSession(
      { path, minor },
      { server: open.url, ca: world.servers.pem, token: me.token },
    );
  });
  afterAll(async () => {
    await kubectl.close();
    await world.stop();
  });

  async function signIn(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let at = 0; at < count; at++) {
      const { id } = await world.instance.zitadel.sessions.create({
        checks: { user: { userId: me.id } },
        userAgent: { ip: `203.0.113.${at + 1}`, description: `Browser ${at + 1}` },
      });
      ids.push(id);
    }
    return ids;
  }

  const ok = async (...args: readonly string[]): Promise<string> => {
    const ended = await kubectl.run(...args);
    expect(ended).toMatchObject({ code: 0 });
    return ended.stdout;
  };

  it('get shows a table, wide, YAML, JSON and names', async () => {
    const [first = '', second = ''] = await signIn(2);
    const table = await ok('get', 'sessions');
    expect(table.split('\n')[0]).toMatch(/^NAME +IP +AGENT +EXPIRES +AGE *$/);
    expect(table).toMatch(new RegExp(`${first} +203\\.0\\.113\\.1 +Browser 1 +<never> +\\d+s`));
    expect(await ok('get', 'sessions', '-o', 'wide')).toMatch(/AGE +PROVIDER +FINGERPRINT +UPDATED +USER/);
    const yaml = parse(await ok('get', 'session', first, '-o', 'yaml')) as { metadata: object };
    expect(yaml.metadata).toMatchObject({ name: first });
    const json = JSON.parse(await ok('get', 'sessions', '-o', 'json')) as { items: unknown[] };
    expect(json.items.length).toBeGreaterThanOrEqual(2);
    const names = await ok('get', `sessions.${group}`, '-o', 'name');
    expect(names).toContain(`session.${group}/${second}`);
    expect(await ok('get', 'sessions', '--chunk-size=1', '-o', 'name')).toBe(names);
    expect(await ok('get', 'sessions', '-l', 'a in (b)', '-o', 'name')).toBe('');
    expect(await ok('get', 'sessions', `--field-selector=metadata.name=${first}`, '-o', 'name')).toBe(
      `session.${group}/${first}\n`,
    );
    expect(await ok('get', 'sessions', '--sort-by=.status.ip', '-o', 'name')).toContain(first);
    expect(await ok('get', '--raw', `${base}/sessions?limit=1`)).toContain('"SessionList"');
    expect(await ok('describe', 'session', first)).toContain('203.0.113.1');
  });

  it('get of a category shows all that is the caller’s', async () => {
    const all = await ok('get', 'identity', '-o', 'name');
    expect(all).toContain(`useridentity.${group}/`);
    expect(all).toContain(`session.${group}/`);
  });

  it('api-resources, api-versions and version know the group', async () => {
    const resources = await ok('api-resources', '--api-group', group);
    for (const kind of ['Session', 'UserIdentity', 'ServiceAccountKey']) expect(resources).toContain(kind);
    expect(await ok('api-versions')).toContain(`${group}/v1alpha1`);
    expect(await ok('version')).toContain('drawbridge');
  });

  it.skipIf(minor < 29)('explain explains', async () => {
    const said = await ok('explain', 'session.status');
    expect(said).toMatch(/userUID\s+<string>/);
    expect(said).toContain('Id of the user who signed in.');
    expect(await ok('explain', 'serviceaccountkeys', '--recursive')).toContain('serviceAccountUserName');
  });

  it('delete ends one at once, all of them, and none where it is only tried', async () => {
    const [first = ''] = await signIn(3);
    if (minor >= 27)
      expect(await ok('delete', 'session', first, '--dry-run=server')).toContain('server dry run');
    expect(await ok('get', 'session', first, '-o', 'name')).toContain(first);
    expect(await ok('delete', 'session', first)).toContain(`"${first}" deleted`);
    expect((await kubectl.run('get', 'session', first)).stderr).toContain('not found');
    expect(await ok('delete', 'sessions', '--all')).toContain('deleted');
    const { stdout, stderr } = await kubectl.run('get', 'sessions');
    expect(stdout + stderr).toContain('No resources found');
    await signIn(1);
    expect(await ok('delete', '--raw', `${base}/sessions`)).toContain('SessionList');
  });

  it('S46 get -w says that nothing is watched', async () => {
    await signIn(1);
    const watched = await kubectl.run('get', 'sessions', '-w');
    expect(watched.code).toBe(1);
    expect(watched.stderr).toContain('MethodNotAllowed');
  });

  it.skipIf(minor < 29)('create makes a key, checks its fields, and makes no second one', async () => {
    const object = (more = '') =>
      `apiVersion: ${group}/v1alpha1\nkind: ServiceAccountKey\nmetadata:\n  name: ci\nspec:\n  serviceAccountUserName: "${account}"\n${more}`;
    const strict = await kubectl.runWith(object('  bogus: 1\n'), 'create', '-f', '-');
    expect(strict.stderr).toContain('unknown field "spec.bogus"');
    const tried = await kubectl.runWith(object(), 'create', '-f', '-', '--dry-run=server', '-o', 'name');
    expect(tried.stdout).toBe(`serviceaccountkey.${group}/ci\n`);
    const made = await kubectl.runWith(object(), 'create', '-f', '-', '-o', 'jsonpath={.status.privateKey}');
    expect(JSON.parse(made.stdout)).toMatchObject({ type: 'datum_service_account' });
    expect((await kubectl.runWith(object(), 'create', '-f', '-')).stderr).toContain('AlreadyExists');
    expect(await ok('get', 'serviceaccountkeys')).toMatch(/ci +\S+ +in 89d +\d+s/);
    expect((await ok('get', 'serviceaccountkey', 'ci', '-o', 'yaml')).includes('PRIVATE KEY')).toBe(false);
    expect(await ok('delete', 'serviceaccountkey', 'ci')).toContain('deleted');
  });

  it.skipIf(minor < 29)('apply makes a key, leaves it as it is, and refuses to change it', async () => {
    const object = (more = '') =>
      `apiVersion: ${group}/v1alpha1\nkind: ServiceAccountKey\nmetadata:\n  name: applied\nspec:\n  serviceAccountUserName: "${account}"\n${more}`;
    expect((await kubectl.runWith(object(), 'apply', '-f', '-')).stdout).toContain('created');
    expect((await kubectl.runWith(object(), 'apply', '-f', '-')).stdout).toContain('unchanged');
    const changed = await kubectl.runWith(
      object('  expirationDate: "2027-01-01T00:00:00Z"\n'),
      ...['apply', '-f', '-'],
    );
    expect(changed.stderr).toContain('patch is not supported');
    await ok('delete', 'serviceaccountkey', 'applied');
  });

  it('is told that it is nobody where its token is none', async () => {
    const stranger = await kubectlSession(
      { path, minor },
      { server: open.url, ca: world.servers.pem, token: 'nonsense' },
    );
    const { stderr } = await stranger.run('get', 'sessions');
    await stranger.close();
    expect(stderr).toContain('You must be logged in to the server');
  });
});
