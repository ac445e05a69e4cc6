import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawbridge, type Running, startDrawbridge } from './support/command.ts';

let zitadel: ZitadelEmulator;
let emulated: Running;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  zitadel = createZitadelEmulator();
  await zitadel.start();
  emulated = await startDrawbridge(['emulate', 'openbao', '--port', '0']);
  env = {
    OPENBAO_URL: String(emulated.ready.url),
    HARMONY_SSO_URL: zitadel.issuer,
    DRAWBRIDGE_DATA_DIR: await mkdtemp(join(tmpdir(), 'drawbridge-setup-')),
  };
});
afterAll(async () => {
  await emulated.kill('SIGTERM');
  await zitadel.stop();
  await rm(env.DRAWBRIDGE_DATA_DIR ?? '', { recursive: true, force: true });
});

const setup = (...args: string[]) => drawbridge(['setup', 'openbao', '--audience', '4711', ...args], env);
const authorized = (...args: string[]) => setup('--token-file', String(emulated.ready.token), ...args);

it('emulate openbao keeps its root token in a file for the owner only', async () => {
  expect(((await stat(String(emulated.ready.token))).mode & 0o777).toString(8)).toBe('600');
  const health = await fetch(`${String(emulated.ready.url)}/v1/sys/health`);
  expect(await health.json()).toMatchObject({ initialized: true, sealed: false });
});

describe('setup openbao', () => {
  it('needs a token of OpenBao, and takes none by argument', async () => {
    const { code, stderr } = await setup();
    expect([code, stderr]).toEqual([
      3,
      'error[not_signed_in]: A token of OpenBao that may set it up is needed. Set OPENBAO_TOKEN, or --token-file.\n',
    ]);
    expect((await setup('--token', 's.123')).code).toBe(2);
  });

  it('shows what it would change, and without a yes changes nothing', async () => {
    const planned = await authorized('--dry-run');
    expect([planned.code, planned.stderr]).toEqual([0, 'Nothing was changed.\n']);
    expect(planned.stdout.split('\n').filter((line) => /^[+~]/.test(line))).toEqual([
      '+ create policy harmony-dev',
      '+ create auth method userpass',
      '+ create auth method jwt',
      '+ create configuration of auth/jwt',
      '+ create role harmony-developer of auth/jwt',
    ]);
    for (const line of planned.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    const unasked = await authorized();
    expect([unasked.code, unasked.stderr]).toEqual([
      2,
      'error[usage]: Make 5 changes? Without a terminal this needs --yes.\n',
    ]);
    expect((await authorized('--dry-run')).stdout).toBe(planned.stdout);
  });

  it('S60 writes leeways and audiences, and a repeat finds nothing to change', async () => {
    const made = await authorized('--yes');
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^ {4}bound_audiences +4711$/m);
    expect(made.stdout).toMatch(/^ {4}clock_skew_leeway +30$/m);
    expect(made.stderr).toMatch(
      /^✓ openbao +5 changes made; a repeat changes nothing\nNext: drawbridge login\n$/,
    );
    const again = await authorized();
    expect([again.code, again.stdout, again.stderr]).toEqual([
      0,
      `${env.OPENBAO_URL} is as it is to be; nothing to change.\n`,
      '',
    ]);
  });

  it('adds teams by their roles in Zitadel, and shows of a policy that was altered only what differs', async () => {
    const team = await authorized('--team', 'payments=developer@271828', '--yes', '--json');
    const { applied, changes } = JSON.parse(team.stdout) as {
      applied: boolean;
      changes: { title: string; fields: { field: string; to: unknown }[] }[];
    };
    expect([applied, changes.map(({ title }) => title)]).toEqual([
      true,
      ['policy team-payments', 'role team-payments of auth/jwt'],
    ]);
    expect(changes[1]?.fields).toContainEqual({
      field: 'bound_claims',
      to: { '/urn:zitadel:iam:org:project:roles/developer/271828': '*' },
    });
    const altered = await authorized('--audience', '4711', '4712', '--dry-run');
    expect(altered.stdout).toBe(
      '~ update role harmony-developer of auth/jwt\n    bound_audiences         4711 -> 4711, 4712\n',
    );
  });

  it('says what is wrong with a team or a job', async () => {
    for (const [flag, value] of [
      ['--team', 'payments'],
      ['--ci', 'gitea:acme/shop'],
    ] as const) {
      const { code, stderr } = await authorized(flag, value);
      expect([code, stderr.split('\n')[0]]).toEqual([2, expect.stringContaining(`${flag} ${value} is not`)]);
    }
  });
});
