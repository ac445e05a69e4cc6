import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Secret } from '@drawbridge/kit';
import { createOpenbao, type Openbao } from '@drawbridge/openbao';
import { createZitadel, loadServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutChromium } from '../console/support/chromium.ts';
import { type Home, startWorld, type World } from './support/world.ts';

const shell = promisify(execFile);

/** What is in a folder and below it; nothing where it is not there. */
const listing = (folder: string, options: { readonly recursive: true }) =>
  readdir(folder, options).catch(() => [] as string[]);

const user = { loginName: 'ben@demo.localhost', password: 'Sommerregen-4711' };

describe.skipIf(withoutChromium)('configuration by SSO (Chromium)', () => {
  let world: World;
  let ada: Home;
  let ben: Home;
  let root: Openbao;
  let rootToken: string;
  let zitadel: Zitadel;

  beforeAll(async () => {
    world = await startWorld();
    ada = world.home('ada');
    ben = world.home('ben');
    rootToken = (await readFile(String(world.dev.ready.openbaoRootTokenPath), 'utf8')).trim();
    root = createOpenbao({ url: world.openbao, token: new Secret(rootToken) });
    zitadel = createZitadel({
      issuer: world.issuer,
      credentials: await loadServiceAccount(String(world.dev.ready.serviceAccountKey)),
    });
    await zitadel.users.create({
      organizationId: 'demo',
      userId: 'ben',
      username: user.loginName,
      human: {
        profile: { givenName: 'Ben', familyName: 'Adeyemi' },
        email: { email: user.loginName, isVerified: true },
        password: { password: user.password, changeRequired: false },
      },
    });
    await ada.login(world.admin);
    await ben.login(user);
  });
  afterAll(async () => {
    await zitadel.close();
    await root.close();
    await world.close();
  });

  const seal = (sealed: boolean) => world.control(world.openbao, { sealed });

  it('sets, gets, explains and rolls back a value, one process after the other', async () => {
    expect(await ada.run('config', 'set', 'greeting', 'hello')).toEqual({
      code: 0,
      stdout: 'greeting  version 1  secret/harmony/dev/greeting\n',
      stderr: '',
    });
    expect((await ada.run('config', 'set', 'greeting', 'hello again')).stdout).toContain('version 2');
    expect((await ada.run('config', 'get', 'greeting')).stdout).toBe('hello again\n');
    const explained = ada.type('config', 'explain', 'greeting');
    expect(await explained.ended).toBe(0);
    expect(explained.text().split('\n')).toEqual([
      'greeting   secret   [redacted]   (config get prints it)',
      '  1 environment  – DRAWBRIDGE_CONFIG_GREETING is not set',
      '  2 file         – there is no drawbridge.yaml',
      expect.stringMatching(/^ {2}3 OpenBao {6}✓ secret\/harmony\/dev\/greeting, version 2, \d\d:\d\d:\d\d$/),
      '                   cached just now, fresh for 15 min more',
      '',
    ]);
    const history = await ada.run('config', 'history', 'greeting', '--json');
    expect(JSON.parse(history.stdout)).toMatchObject({
      schema: 'drawbridge.config-history/v1',
      items: [
        { version: 2, state: 'present' },
        { version: 1, state: 'present' },
      ],
    });
    expect((await ada.run('config', 'rollback', 'greeting', '1')).stdout).toContain('version 3');
    expect((await ada.run('config', 'get', 'greeting')).stdout).toBe('hello\n');
  });

  it('writes single fields, lays the environment over them, and says so', async () => {
    await ada.run('config', 'set', 'database.url', 'postgres://db/shop');
    await ada.run('config', 'set', 'database.poolSize', '20');
    expect((await ada.run('config', 'get', 'database')).stdout).toBe(
      '{"url":"postgres://db/shop","poolSize":20}\n',
    );
    const over = ada.with({ DRAWBRIDGE_CONFIG_DATABASE__POOL_SIZE: '5' });
    expect((await over.run('config', 'get', 'database', '--json')).stdout).toContain('"poolSize":5');
    const explained = await over.run('config', 'explain', 'database');
    expect(explained.stdout).toMatch(/environment +✓ DRAWBRIDGE_CONFIG_DATABASE__POOL_SIZE/);
    const hidden = ada.with({ DRAWBRIDGE_CONFIG_DATABASE: '{}' });
    const written = await hidden.run('config', 'set', 'database', '{"url":"postgres://db/shop"}');
    expect(written.stderr).toContain('programs here go on reading DRAWBRIDGE_CONFIG_DATABASE (environment)');
  });

  it('a secret is not taken as an argument where its definition says so, and is read from stdin', async () => {
    const definitions = join(world.folder, 'definitions.ts');
    await writeFile(
      definitions,
      `export const stripe = {
        key: 'billing/stripe', secret: true, secretFields: [], description: 'Key of the shop.',
        present: (value: unknown) => value,
        schema: { '~standard': { version: 1, vendor: 'own', validate: (value: unknown) =>
          typeof value === 'string' && value.startsWith('sk_') ? { value } : { issues: [{ message: 'has to start with sk_' }] } } },
      };\n`,
    );
    const refused = await ada.run('config', 'set', 'billing/stripe', 'sk_1', '--definitions', definitions);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('not taken as an argument')]);
    const wrong = await ada.feed('pk_1', 'config', 'set', 'billing/stripe', '--definitions', definitions);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/^error\[config_invalid\]/)]);
    expect(wrong.stderr).not.toContain('pk_1');
    const right = await ada.feed('sk_1\n', 'config', 'set', 'billing/stripe', '--definitions', definitions);
    expect([right.code, right.stdout]).toEqual([0, expect.stringContaining('version 1')]);
    expect((await ada.run('config', 'get', 'billing/stripe')).stdout).toBe('sk_1\n');
    const list = await ada.run('config', 'list', '--definitions', definitions, '--json');
    expect(JSON.parse(list.stdout)).toMatchObject({
      items: expect.arrayContaining([
        { key: 'billing/stripe', sources: ['OpenBao'], description: 'Key of the shop.' },
      ]),
    });
  });

  it('a secret that is typed is not shown, and Ctrl-C there is 130', async () => {
    const typed = ada.type('config', 'set', 'typed');
    await typed.waitFor(/not shown while you type/);
    typed.press('hunter2hunter2\r');
    expect(await typed.ended).toBe(0);
    expect(typed.raw()).not.toContain('hunter2');
    expect((await ada.run('config', 'get', 'typed')).stdout).toBe('hunter2hunter2\n');
    await ada.run('config', 'unset', 'typed');
    const interrupted = ada.type('config', 'set', 'typed');
    await interrupted.waitFor(/not shown while you type/);
    interrupted.press('\u0003');
    expect(await interrupted.ended).toBe(130);
  });

  it('people of different roles have different rights', async () => {
    expect((await ben.run('config', 'get', 'greeting')).stdout).toBe('hello\n');
    const team = {
      DRAWBRIDGE_APP: 'teams',
      DRAWBRIDGE_ENVIRONMENT: 'admins',
      OPENBAO_JWT_ROLE: 'team-admins',
    };
    const asAdmin = ada.with(team);
    expect((await asAdmin.run('config', 'set', 'plan', 'secret plan')).code).toBe(0);
    const asUser = ben.with(team);
    const refused = await asUser.run('config', 'get', 'plan');
    expect([refused.code, refused.stdout]).toEqual([3, '']);
    expect(refused.stderr).toContain('You do not have what the role "team-admins" of OpenBao asks for.');
    const { OPENBAO_JWT_ROLE: _role, ...elsewhere } = team;
    const denied = await ben.with(elsewhere).run('config', 'get', 'plan');
    expect([denied.code, denied.stderr]).toEqual([4, expect.stringMatching(/^error\[openbao_denied\]/)]);
    expect(denied.stderr).not.toContain('secret plan');
  });

  it('machines present the access token of their key, and no person is asked', async () => {
    const { users } = zitadel;
    await users.create({
      organizationId: 'demo',
      userId: 'ci',
      username: 'ci',
      machine: { name: 'CI', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
    });
    const { keyFile } = await users.addKey('ci', { expiresAt: new Date(Date.now() + 86_400_000) });
    const path = join(world.folder, 'ci-key.json');
    await writeFile(path, keyFile?.expose() ?? '', { mode: 0o600 });
    const machine = world.home('ci').with({
      ZITADEL_KEY_PATH: path,
      DRAWBRIDGE_PROJECT_ID: String(world.dev.ready.projectId),
    });
    expect(await machine.run('config', 'get', 'greeting')).toEqual({
      code: 0,
      stdout: 'hello\n',
      stderr: '',
    });
  });

  describe('run', () => {
    it('gives a program the values, its own exit code, and the terminal untouched', async () => {
      const one = await ada.run('run', '--', 'node', '-p', 'process.env.GREETING');
      expect(one).toEqual({ code: 0, stdout: 'hello\n', stderr: '' });
      expect((await ada.run('run', '--', 'sh', '-c', 'exit 7')).code).toBe(7);
      const missing = await ada.run('run', '--', 'no-such-program');
      expect([missing.code, missing.stderr]).toEqual([
        127,
        'error[run]: There is no command no-such-program.\n',
      ]);
      const tty = ada.type(
        'run',
        '--',
        'node',
        '-p',
        '[process.stdin.isTTY, process.stdout.isTTY, process.stdout.columns].join()',
      );
      expect(await tty.ended).toBe(0);
      expect(tty.text()).toBe('true,true,80\n');
    });

    it('leaves what is set already, and what would change how programs start', async () => {
      const own = ada.with({ GREETING: 'mine' });
      expect((await own.run('run', '--', 'node', '-p', 'process.env.GREETING')).stdout).toBe('mine\n');
      await ada.feed('--require=/tmp/evil.js', 'config', 'set', 'node-options');
      const refused = await ada.run('run', '--', 'node', '-p', '"NODE_OPTIONS" in process.env');
      expect(refused.stdout).toBe('false\n');
      expect(refused.stderr).toContain('not set, since they change how programs start: NODE_OPTIONS');
      await ada.run('config', 'unset', 'node-options');
    });

    it('passes signals on, and ends as the program does', async () => {
      const program =
        "process.on('SIGTERM', () => { console.log('told'); process.exit(9); }); console.log('up'); setInterval(() => 0, 1000)";
      const running = ada.start('run', '--', 'node', '-e', program);
      await running.waitFor(/up/);
      running.kill('SIGTERM');
      expect([await running.ended, running.output()]).toEqual([9, 'up\ntold\n']);
      const interrupted = ada.type(
        'run',
        '--',
        'node',
        '-e',
        "console.log('up'); setInterval(() => 0, 1000)",
      );
      await interrupted.waitFor(/up/);
      interrupted.press('\u0003');
      expect(await interrupted.ended).toBe(130);
    });

    it('--redact takes the values out, also where they come in pieces', async () => {
      const program =
        "const g = process.env.GREETING; process.stdout.write('a ' + g.slice(0, 2)); setTimeout(() => process.stdout.write(g.slice(2) + ' b\\n'), 100)";
      const { stdout } = await ada.run('run', '--redact', '--', 'node', '-e', program);
      expect(stdout).toBe('a [redacted] b\n');
    });

    it('S32 no secret is in an argument or in the environment of any process but the program', async () => {
      const running = ada.start('run', '--', 'node', '-e', "console.log('up'); setInterval(() => 0, 1000)");
      await running.waitFor(/up/);
      const { stdout } = await shell('ps', ['-eo', 'args']).catch(() => ({ stdout: '' }));
      expect(stdout).not.toMatch(/sk_1|eyJ[\w-]{20,}\./);
      running.kill('SIGTERM');
      await running.ended;
    });
  });

  describe('OpenBao in trouble', () => {
    it('sealed: kept values are served and marked stale, others are a clear sentence', async () => {
      const strict = ada.with({ DRAWBRIDGE_STORE_FRESH: '0s' });
      expect((await ada.run('config', 'get', 'greeting')).stdout).toBe('hello\n');
      await seal(true);
      try {
        const stale = await strict.run('config', 'get', 'greeting');
        expect([stale.code, stale.stdout]).toEqual([0, 'hello\n']);
        expect(stale.stderr).toMatch(
          /greeting is from now ago|greeting is from .* ago; OpenBao did not answer: OpenBao is sealed\./,
        );
        const explained = await strict.run('config', 'explain', 'greeting');
        expect(explained.stdout).toContain('stale');
        const other = await ada.run('config', 'get', 'not-kept');
        expect([other.code, other.stderr]).toEqual([
          5,
          expect.stringMatching(/^error\[openbao_sealed\]: OpenBao is sealed\.\n/),
        ]);
        expect(other.stderr).toContain('do');
      } finally {
        await seal(false);
      }
    });

    const revokeTokens = async () => {
      const folder = join(ada.env.DRAWBRIDGE_DATA_DIR ?? '', 'data/openbao');
      const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{32}\.json$/.test(name));
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const { accessor } = JSON.parse(await readFile(join(folder, name), 'utf8')) as { accessor: string };
        await root.tokens.revoke({ accessor });
      }
    };
    const fresh = () => ada.run('config', 'get', 'greeting', '--fresh');

    it('a token that was revoked under us is replaced without asking', async () => {
      await revokeTokens();
      expect(await fresh()).toEqual({ code: 0, stdout: 'hello\n', stderr: '' });
    });

    it('an id_token whose time is over is renewed before it is exchanged', async () => {
      await revokeTokens();
      await ada.letTokensEnd();
      expect(await fresh()).toEqual({ code: 0, stdout: 'hello\n', stderr: '' });
    });

    it('a role that was taken away is named, and setup brings it back', async () => {
      await revokeTokens();
      await root.jwt().deleteRole('harmony-developer');
      const lost = await fresh();
      expect([lost.code, lost.stdout]).toEqual([3, '']);
      expect(lost.stderr).toMatch(
        /^error\[openbao_login_refused\]: OpenBao has no role "harmony-developer" at auth\/jwt\./,
      );
      const project = String(world.dev.ready.projectId);
      const setup = ada.with({ OPENBAO_TOKEN: rootToken });
      expect((await setup.run('setup', 'openbao', '--audience', project, '--yes')).code).toBe(0);
      expect(await fresh()).toEqual({ code: 0, stdout: 'hello\n', stderr: '' });
    });

    it('a clock that is 90 s off is named', async () => {
      const late = world.home('late');
      await world.control(world.issuer, { clockOffsetMs: 90_000 });
      try {
        const terminal = late.type('login');
        const [, code = ''] = await terminal.waitFor(/type {3}([A-Z]{4}-[A-Z]{4})/);
        await world.approve(code, user);
        expect(await terminal.ended).toBe(3);
        expect(terminal.text()).toContain('OpenBao holds the token for one of the future.');
        expect(terminal.text()).toContain('Set the clocks of both servers by NTP');
      } finally {
        await world.control(world.issuer, { clockOffsetMs: 0 });
      }
    });
  });

  it('without OPENBAO_URL a value is kept on this machine, and it is said what is missing', async () => {
    const { OPENBAO_URL: _url, ...env } = world.home('dora').env;
    const dora = world.home('dora').with({ ...env, OPENBAO_URL: '' });
    expect((await dora.run('config', 'set', 'greeting', 'local')).code).toBe(0);
    expect((await dora.run('config', 'get', 'greeting')).stdout).toBe('local\n');
    expect((await dora.run('config', 'explain', 'greeting')).stdout).toContain('– OPENBAO_URL is not set');
  });

  it('fifty processes without session and terminal: no page is asked for, exit 3, one sentence', async () => {
    const nobody = world.home('nobody');
    // Each attempt to begin a sign-in would take one away.
    const trap = { match: '/oauth/v2/device_authorization', status: 500, times: 1_000 };
    await world.control(world.issuer, { faults: [trap] });
    const all = await Promise.all(Array.from({ length: 50 }, () => nobody.run('config', 'get', 'greeting')));
    const left = (await (await fetch(`${world.issuer}/emulator/controls`)).json()) as {
      faults: { times: number }[];
    };
    await world.control(world.issuer, { faults: [] });
    expect(left.faults).toMatchObject([{ times: 1_000 }]);
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set([3]));
    expect(new Set(all.map(({ stdout }) => stdout))).toEqual(new Set(['']));
    for (const { stderr } of all) expect(stderr).toMatch(/^error\[not_signed_in\]: [^\n]+\n$/);
  }, 180_000);

  it('S29 while one process refreshes the others wait, and all have its tokens', async () => {
    await ada.letTokensEnd();
    const three = await Promise.all([ada.run('token'), ada.run('token'), ada.run('token')]);
    expect(three.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ]);
    expect(new Set(three.map(({ stdout }) => stdout)).size).toBe(1);
  });

  it('kube credential gives the JWT access token, one for all that wait, and never asks without a terminal', async () => {
    const info = (interactive: boolean) =>
      JSON.stringify({
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        spec: { interactive },
      });
    const kubectl = ada.with({ KUBERNETES_EXEC_INFO: info(false) });
    const two = await Promise.all([kubectl.run('kube', 'credential'), kubectl.run('kube', 'credential')]);
    const [first, second] = two.map(({ stdout }) => JSON.parse(stdout) as { status: { token: string } });
    expect(first).toMatchObject({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { expirationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) },
    });
    expect(second?.status.token).toBe(first?.status.token);
    const claims = JSON.parse(
      Buffer.from(first?.status.token.split('.')[1] ?? '', 'base64url').toString(),
    ) as object;
    expect(claims).toHaveProperty('jti');
    expect(claims).toHaveProperty('nbf');
    for (const only of ['at_hash', 'nonce', 'azp']) expect(claims).not.toHaveProperty(only);
    const nobody = world
      .home('nobody')
      .with({ KUBERNETES_EXEC_INFO: info(false) })
      .type('kube', 'credential');
    expect(await nobody.ended).toBe(3);
    const old = ada.with({
      KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1beta1' }),
    });
    expect((await old.run('kube', 'credential')).stderr).toContain(
      'kubectl wants client.authentication.k8s.io/v1beta1',
    );
  });

  it('kube config writes the entry once, and leaves the rest as it was', async () => {
    const path = join(world.folder, 'kubeconfig');
    await writeFile(
      path,
      '# mine\napiVersion: v1\nkind: Config\ncontexts:\n  - name: staging # the shop\n    context: { cluster: c1 }\n',
    );
    const written = await ada.run('kube', 'config', '--kubeconfig', path, '--context', 'staging');
    expect([written.code, written.stdout]).toEqual([0, `user drawbridge written to ${path}\n`]);
    const text = await readFile(path, 'utf8');
    expect(text).toContain('# mine');
    expect(text).toContain('user: drawbridge');
    expect(text).not.toContain('token');
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
    const again = await ada.run('kube', 'config', '--kubeconfig', path, '--context', 'staging');
    expect([again.stdout, await readFile(path, 'utf8')]).toEqual([
      expect.stringContaining('nothing changed'),
      text,
    ]);
  });

  it('demo shows a value written, read, overridden and explained, by token and by SSO', async () => {
    for (const flags of [[], ['--sso']]) {
      const shown = await ada
        .with({ OPENBAO_TOKEN: flags.length > 0 ? '' : rootToken })
        .run('demo', ...flags);
      expect([shown.code, shown.stdout.split('\n').map((line) => line.slice(0, 12).trim())]).toEqual([
        0,
        ['✓ write', '✓ read', '✓ override', '✓ explain', '✓ explain', ''],
      ]);
      expect(shown.stdout).toContain('text is "bonjour", from DRAWBRIDGE_CONFIG_GREETING__TEXT');
    }
  });

  it('S33 after logout both servers refuse the tokens, and nothing of them is left here', async () => {
    const token = (await ada.run('token')).stdout.trim();
    await ada.run('config', 'list');
    await ada.with({ OPENBAO_JWT_ROLE: 'team-admins' }).run('config', 'list');
    const folder = join(ada.env.DRAWBRIDGE_DATA_DIR ?? '', 'data/openbao');
    const files = (await readdir(folder)).filter((name) => /^[0-9a-f]{32}\.json$/.test(name));
    const kept = await Promise.all(
      files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as { token: string }),
    );
    expect(kept.length).toBeGreaterThanOrEqual(2);
    for (const name of files) expect(((await stat(join(folder, name))).mode & 0o777).toString(8)).toBe('600');
    const { code, stdout } = await ada.run('logout');
    expect(code).toBe(0);
    expect(stdout).toContain('✓ OpenBao token (harmony-developer) revoked');
    expect(stdout).toContain('✓ OpenBao token (team-admins) revoked');
    for (const { token: revoked } of kept) {
      const lookup = await fetch(`${world.openbao}/v1/auth/token/lookup-self`, {
        headers: { 'X-Vault-Token': revoked },
      });
      expect(lookup.status).toBe(403);
    }
    const info = await fetch(`${world.issuer}/oidc/v1/userinfo`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(info.status).toBe(401);
    expect((await readdir(folder)).filter((name) => /^[0-9a-f]{32}\.json$/.test(name))).toEqual([]);
    const cached = await listing(join(ada.env.DRAWBRIDGE_DATA_DIR ?? '', 'cache/values'), {
      recursive: true,
    });
    expect(cached.filter((name) => name.endsWith('.json'))).toEqual([]);
  });
});
