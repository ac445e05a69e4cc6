import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrawbridgeError } from '@drawbridge/kit';
import { builtinWish, checkWish, mergeWish, readWishFile, setupJobs, wishAsYaml } from '@drawbridge/stack';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';

const full = () =>
  builtinWish({
    jobs: setupJobs,
    publicUrl: 'https://people.acme.example',
    openbaoUrl: 'https://bao.acme.example',
    actionsUrl: 'https://actions.acme.example',
  });

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-wish-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'wish.yaml');
  await writeFile(path, text);
  return path;
}

describe('the built-in wish', () => {
  it('S30 gives each job an account of its own with the roles that it works with', () => {
    const { accounts } = checkWish(full());
    expect(Object.fromEntries(Object.entries(accounts).map(([name, { roles }]) => [name, roles]))).toEqual({
      directory: ['IAM_USER_MANAGER', 'IAM_OWNER_VIEWER'],
      apiserver: ['IAM_ORG_MANAGER'],
      controller: ['IAM_OWNER'],
      'actions-server': ['IAM_OWNER_VIEWER'],
    });
  });

  it('makes no owner of the instance where nobody asked for the controller', () => {
    const { accounts, targets } = checkWish(builtinWish());
    expect([Object.keys(accounts), Object.keys(targets)]).toEqual([['directory'], []]);
  });

  it('tells of new users by the event of who makes them', () => {
    const events = (ui: 'zitadel' | 'custom') =>
      checkWish(builtinWish({ actionsUrl: 'https://a.example', ui })).targets.actions?.events ?? [];
    expect(events('zitadel')).toContain('user.human.selfregistered');
    expect(events('zitadel')).not.toContain('user.human.added');
    expect(events('custom')).toContain('user.human.added');
    expect(events('custom')).not.toContain('user.human.selfregistered');
  });

  it('S28 has no implicit grant and no development mode where all redirects are https', () => {
    const applications = checkWish(full()).projects.drawbridge?.applications;
    for (const one of Object.values(applications ?? {}))
      if (one.kind === 'web') for (const uri of one.redirectUris) expect(uri).toMatch(/^https:/);
  });
});

describe('a file of wishes', () => {
  it('adds to what is built in, replaces single fields, and takes out by null', async () => {
    const path = await fileWith(
      'projects: { drawbridge: { roles: { user: null, auditor: Auditor } } }\naccounts: { directory: { keyDays: 90 } }\n',
    );
    const { projects, accounts } = checkWish(mergeWish(builtinWish(), await readWishFile(path)));
    expect(projects.drawbridge?.roles).toEqual({ admin: 'Admin', manager: 'Manager', auditor: 'Auditor' });
    expect(accounts.directory).toMatchObject({
      keyDays: 90,
      roles: ['IAM_USER_MANAGER', 'IAM_OWNER_VIEWER'],
    });
  });

  it('reads what was printed, whatever was wished', async () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const title = fc.string({ minLength: 1, maxLength: 30 });
    const roles = fc.dictionary(fc.stringMatching(/^[a-zA-Z.:_-]{1,12}$/), title, { maxKeys: 4 });
    const projects = fc.dictionary(name, fc.record({ name: title, roles }), { maxKeys: 3 });
    const accounts = fc.dictionary(name, fc.record({ name: title, key: fc.boolean() }), { maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(fc.record({ projects, accounts }), async (input) => {
        const wish = checkWish(input);
        const path = await fileWith(wishAsYaml(wish));
        expect(checkWish(await readWishFile(path))).toEqual(wish);
      }),
      { numRuns: 30 },
    );
  });

  it('is refused with all its mistakes at once', () => {
    const wrong = {
      projects: { shop: { name: 'Shop', grants: { '1': ['cook'] } }, 'Two words': { name: 'x' } },
      accounts: { robot: { name: 'R', roles: ['ORG_OWNER'] } },
      lifetimes: { accessToken: 'soon' },
    };
    expect(() => checkWish(wrong, 'wish.yaml')).toThrow(
      expect.objectContaining({
        code: 'invalid_settings',
        where: 'wish.yaml',
        problems: expect.arrayContaining([
          expect.objectContaining({ field: 'accounts.robot.roles.0' }),
          expect.objectContaining({ field: 'lifetimes.accessToken' }),
        ]),
      }),
    );
    const { lifetimes: _ok, accounts: _fine, ...rest } = wrong;
    expect(() => checkWish({ projects: { shop: rest.projects.shop } })).toThrow(
      expect.objectContaining({
        problems: [
          { field: 'projects.shop.grants.1', message: 'names the role cook, which the project has not' },
        ],
      }),
    );
  });

  it('S59 that is no YAML is told by its kind of mistake, without quoting it', async () => {
    const path = await fileWith('projects: { secret: "s3cr3t\n');
    await expect(readWishFile(path)).rejects.toSatisfy(
      (error) =>
        error instanceof Error &&
        !JSON.stringify(error).includes('s3cr3t') &&
        !String(error).includes('s3cr3t'),
    );
  });
});

describe('limits of a wish', () => {
  const problemsOf = (wish: unknown) => {
    try {
      checkWish(wish);
      return [];
    } catch (error) {
      return (error as DrawbridgeError).problems.map(({ field }) => field);
    }
  };

  it.each(['0s', '59s', '99999999999d', 'soon', ''])('lets no token live %j', (accessToken) => {
    expect(problemsOf({ lifetimes: { accessToken } })).toEqual(['lifetimes.accessToken']);
  });

  it.each(['0s', '271s'])('has Zitadel wait no %j for a target', (timeout) => {
    const one = { endpoint: 'https://actions.acme.example', timeout };
    expect(problemsOf({ targets: { one } })).toEqual(['targets.one.timeout']);
  });

  it('takes no empty list of redirect URIs, which Zitadel would not take either', () => {
    const term = { kind: 'device', name: 'Terminal', redirectUris: [] };
    expect(problemsOf({ projects: { shop: { name: 'Shop', applications: { term } } } })).toEqual([
      'projects.shop.applications.term.redirectUris',
    ]);
  });

  it('takes no two applications whose ids and key files would be one', () => {
    const api = { kind: 'api', name: 'API' };
    const projects = {
      a: { name: 'A', applications: { 'b-c': api } },
      'a-b': { name: 'AB', applications: { c: api } },
    };
    expect(problemsOf({ projects })).toEqual(['projects.a-b.applications.c']);
  });
});
