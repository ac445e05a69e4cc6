import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { drawbridge, startDrawbridge } from './support/command.ts';
import { drawbridgeInTerminal } from './support/pseudo-terminal.ts';

let emulator: ZitadelEmulator;
/** The instance as a login and an owner of it see it. */
let zitadel: Zitadel;
let folder: string;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  emulator = createZitadelEmulator({ outboundDenyList: [] });
  await emulator.start();
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-setup-'));
  const key = join(folder, 'owner.json');
  await writeFile(key, JSON.stringify(emulator.bootstrap.serviceAccountKey), { mode: 0o600 });
  env = { ZITADEL_ISSUER: emulator.issuer, ZITADEL_KEY_PATH: key, DRAWBRIDGE_DATA_DIR: folder };
  zitadel = createZitadel({
    issuer: emulator.issuer,
    credentials: parseServiceAccount(JSON.stringify(emulator.bootstrap.serviceAccountKey)),
  });
});
afterAll(async () => {
  await zitadel.close();
  await emulator.stop();
  await rm(folder, { recursive: true, force: true });
});

const setup = (...args: string[]) => drawbridge(['setup', 'zitadel', ...args], env);
const all = ['--public-url', 'https://people.acme.example', '--actions-url', 'https://actions.acme.example'];
const keys = () => join(folder, 'data/setup', new URL(emulator.issuer).host.replace(':', '_'));
const secret = /PRIVATE KEY|"key":/;

describe('setup zitadel', () => {
  it('prints what it wishes, as a file that it reads', async () => {
    const printed = await setup(...all, '--print');
    expect(printed.code).toBe(0);
    const wish = parse(printed.stdout) as { projects: { drawbridge: { applications: object } } };
    expect(Object.keys(wish.projects.drawbridge.applications)).toEqual([
      'command',
      'directory-api',
      'console',
      'management',
    ]);
    await writeFile(join(folder, 'wish.yaml'), printed.stdout);
    const again = await setup(...all, '--file', join(folder, 'wish.yaml'), '--print');
    expect(again.stdout).toBe(printed.stdout);
  });

  it('shows what it would change within 80 columns, and without a yes changes nothing', async () => {
    const planned = await setup(...all, '--plan');
    expect(planned.code).toBe(0);
    expect(planned.stderr).toContain('Nothing was changed.\n');
    expect(planned.stdout).toContain('+ create application drawbridge/command\n');
    expect(planned.stdout).toMatch(/^ {4}accessToken +12 h -> 15 min$/m);
    for (const line of (planned.stdout + planned.stderr).split('\n'))
      expect(line.length, line).toBeLessThanOrEqual(80);
    const unasked = await setup(...all);
    expect([unasked.code, unasked.stderr.split('\n').slice(-2)[0]]).toEqual([
      2,
      expect.stringMatching(/^error\[usage\]: Make \d+ changes\? Without a terminal this needs --yes\.$/),
    ]);
    expect((await setup(...all, '--plan')).stdout).toBe(planned.stdout);
  });

  it('asks at a terminal, and a no leaves all as it was', async () => {
    const terminal = drawbridgeInTerminal(['setup', 'zitadel', ...all], env);
    await terminal.waitFor(/Make \d+ changes\? \[y\/N\]/);
    terminal.press('n\r');
    expect(await terminal.ended).toBe(4);
    expect(terminal.text()).toContain('error[declined]');
    expect((await zitadel.projects.list().all()).map(({ name }) => name)).not.toContain('Drawbridge');
  });

  it('makes all of it, says how long a token outlives its user, and then has nothing to do', async () => {
    const terminal = drawbridgeInTerminal(['setup', 'zitadel', ...all, '--yes'], env);
    expect(await terminal.ended).toBe(0);
    const shown = terminal.text();
    expect(shown).toMatch(/✓ zitadel +\d+ changes made; a repeat changes nothing/);
    expect(shown).toContain('denied within 15');
    expect(shown).not.toMatch(secret);
    const again = await setup(...all);
    expect([again.code, again.stdout, again.stderr]).toEqual([
      0,
      `${emulator.issuer} is as it is to be; nothing to do.\n`,
      '',
    ]);
    for (const file of await readdir(keys()))
      expect((await stat(join(keys(), file))).mode & 0o777).toBe(0o600);
  });

  it('shows a redirect URI that was changed, and mends it', async () => {
    const oidcConfiguration = { redirectUris: ['https://evil.example/x'] };
    const app = { projectId: 'drawbridge', applicationId: 'drawbridge-console', oidcConfiguration };
    await zitadel.applications.update(app);
    const shown = await setup(...all, '--yes');
    expect([shown.code, shown.stdout]).toEqual([
      0,
      [
        '~ update application drawbridge/console',
        '    redirectUris              - https://evil.example/x',
        '                              + https://people.acme.example/auth/callback',
        '',
      ].join('\n'),
    ]);
    expect((await setup(...all)).stdout).toContain('nothing to do');
  });

  it('S32 gives values as variables, JSON and Secrets, and secrets to no terminal', async () => {
    const variables = await setup(...all, '--output', 'env');
    expect(variables.stdout).toContain(`HARMONY_SSO_URL=${emulator.issuer}\nHARMONY_SSO_CLIENT_ID=`);
    const json = await setup(...all, '--output', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'drawbridge.setup-zitadel-values/v1',
      projects: { drawbridge: 'drawbridge' },
      accounts: { directory: { id: 'drawbridge-directory', credential: { isHere: true } } },
    });
    expect(variables.stdout + json.stdout).not.toMatch(secret);
    const manifests = await setup(...all, '--output', 'secret', '--namespace', 'identity');
    const secrets = parseAllDocuments(manifests.stdout).map(
      (document) => document.toJS() as { metadata: object; stringData: Record<string, string> },
    );
    expect(secrets.map(({ metadata }) => metadata)).toContainEqual(
      expect.objectContaining({ name: 'drawbridge-directory-key', namespace: 'identity' }),
    );
    const [first] = secrets;
    expect(first?.stringData['key.json']).toBe(
      await readFile(join(keys(), 'account-directory.json'), 'utf8'),
    );
    const shown = drawbridgeInTerminal(['setup', 'zitadel', ...all, '--output', 'secret'], env);
    expect(await shown.ended).toBe(2);
    expect(shown.text()).not.toMatch(secret);
  });

  it('tells what others made with exit code 1, and takes it over when that is said', async () => {
    const file = join(folder, 'shop.yaml');
    await writeFile(file, 'projects: { shop: { name: Shop, roles: { admin: Admin } } }\n');
    const organizationId = (await zitadel.organizations.list().all())[0]?.id ?? '';
    await zitadel.projects.create({ organizationId, projectId: '4711', name: 'Shop' });
    const told = await setup(...all, '--file', file, '--yes');
    expect([told.code, told.stdout]).toEqual([
      1,
      '! project shop is there, not made by us: 4711\n    projectRoleAssertion      true\nNothing else to change.\n',
    ]);
    expect(told.stderr).toContain('--adopt takes it over');
    const adopted = await setup(...all, '--file', file, '--yes', '--adopt', '--json');
    const { changes, values } = JSON.parse(adopted.stdout) as {
      changes: { action: string; title: string }[];
      values: { projects: object };
    };
    expect(changes.map(({ action, title }) => `${action} ${title}`)).toEqual([
      'adopt project shop',
      'create role admin of shop',
    ]);
    expect(values.projects).toEqual({ drawbridge: 'drawbridge', shop: '4711' });
  });

  it('says what is wrong with flags and files, all of a file at once', async () => {
    const file = join(folder, 'wrong.yaml');
    await writeFile(
      file,
      'projects: { shop: { nam: Shop } }\naccounts: { robot: { name: R, roles: [ORG_OWNER] } }\n',
    );
    const wrong = await setup('--file', file);
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain('projects.shop');
    expect(wrong.stderr).toContain('accounts.robot.roles.0');
    for (const flags of [
      ['--job', 'cook'],
      ['--ui', 'own'],
      ['--access-token', 'long'],
      ['--output', 'xml'],
    ])
      expect((await setup(...flags)).code, flags.join(' ')).toBe(2);
  });

  it('S30 refuses an account that is no owner of the instance', async () => {
    const key = join(keys(), 'account-directory.json');
    const refused = await setup(...all, '--key', key);
    expect([refused.code, refused.stderr.split('\n')[0]]).toEqual([
      4,
      expect.stringContaining('error[zitadel_forbidden]: Setting up needs an account that is IAM_OWNER'),
    ]);
  });
});

describe('what was printed', () => {
  it('is enough for login and demo --sso', { timeout: 120_000 }, async () => {
    const bao = await startDrawbridge(['emulate', 'openbao', '--port', '0']);
    try {
      const values = Object.fromEntries(
        (await setup(...all, '--output', 'env')).stdout
          .split('\n')
          .filter((line) => /^\w+=/.test(line))
          .map((line) => line.split('=', 2) as [string, string]),
      );
      const home = {
        ...values,
        OPENBAO_URL: String(bao.ready.url),
        DRAWBRIDGE_DATA_DIR: join(folder, 'ada'),
      };
      const audience = String(values.DRAWBRIDGE_PROJECT_ID);
      const token = ['--token-file', String(bao.ready.token), '--yes'];
      expect((await drawbridge(['setup', 'openbao', '--audience', audience, ...token], home)).code).toBe(0);
      const organizationId = (await zitadel.organizations.list().all())[0]?.id ?? '';
      const password = 'Winterregen-4711';
      await zitadel.users.create({
        organizationId,
        userId: 'ada',
        username: 'ada@acme.example',
        human: {
          profile: { givenName: 'Ada', familyName: 'Okafor' },
          email: { email: 'ada@acme.example', isVerified: true },
          password: { password, changeRequired: false },
        },
      });
      const login = drawbridgeInTerminal(['login'], home);
      const [, code = ''] = await login.waitFor(/type {3}([A-Z]{4}-[A-Z]{4})/);
      const session = await zitadel.sessions.create({
        checks: { user: { userId: 'ada' }, password: { password } },
      });
      await letIn(code, session);
      expect([await login.ended, login.text()]).toEqual([
        0,
        expect.stringContaining('Signed in as ada@acme.example'),
      ]);
      const demo = await drawbridge(['demo', '--sso'], home);
      expect([demo.code, demo.stdout]).toEqual([0, expect.stringContaining('from OpenBao')]);
    } finally {
      await bao.kill('SIGTERM');
    }
  });
});

/** Answers the device page as a login of one's own does, which has a role for that. */
async function letIn(
  code: string,
  session: Awaited<ReturnType<Zitadel['sessions']['create']>>,
): Promise<void> {
  const organizationId = (await zitadel.organizations.list().all())[0]?.id ?? '';
  await zitadel.users.create({
    organizationId,
    userId: 'pages',
    username: 'pages',
    machine: { name: 'Pages' },
  });
  const resource = { instance: true } as const;
  await zitadel.administrators.create({ userId: 'pages', resource, roles: ['IAM_LOGIN_CLIENT'] });
  const { keyFile } = await zitadel.users.addKey('pages', { expiresAt: new Date(Date.now() + 3_600_000) });
  const pages = createZitadel({
    issuer: emulator.issuer,
    credentials: parseServiceAccount(keyFile?.expose() ?? ''),
  });
  try {
    const { id } = await pages.devices.find(code);
    await pages.devices.approve(id, session);
  } finally {
    await pages.close();
  }
}
