import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawbridge, type Running, startDrawbridge } from './support/command.ts';

const ada = 'ada.okafor@demo.localhost';
const header = 'email,given_name,family_name,role\n';

let folder: string;
let dev: Running;

const run = (...args: string[]) => drawbridge([...args, '--data-dir', folder]);
const json = async (...args: string[]) =>
  JSON.parse((await run(...args, '--json')).stdout) as Record<string, unknown>;
const lines = (text: string) => text.trimEnd().split('\n');
const file = async (name: string, text: string) => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-commands-'));
  dev = await startDrawbridge(['dev', '--data-dir', folder, '--port-base', '0']);
});
afterAll(async () => {
  await dev.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

describe('users', () => {
  it('are created, changed, deactivated, activated, invited and deleted, each by one line', async () => {
    const told = async (...args: string[]) => {
      const { code, stdout } = await run('users', ...args);
      return [code, stdout.replaceAll(/ {2}(user|run) \w+/g, '')];
    };
    const about = [ada, '--org', 'demo'];
    expect(await told('create', ...about, '--role', 'manager')).toEqual([0, `${ada}  active\n`]);
    expect(await told('change', ...about, '--role', 'user', '--name', 'Ada King')).toEqual([
      0,
      `${ada}  active\n`,
    ]);
    expect(await told('deactivate', ...about, '--yes', '--reason', 'left')).toEqual([
      0,
      `${ada}  inactive\n`,
    ]);
    const shown = (await run('users', 'show', ...about)).stdout;
    expect(shown).toMatch(/^Ada King {3}ada\.okafor@demo\.localhost {3}user \w+\n/);
    expect(shown).toMatch(/ {2}state {8}○ inactive since \d\d:\d\d:\d\d, by \S+: left\n/);
    expect(shown).toMatch(/ {2}zitadel {6}○ inactive/);
    expect(await told('activate', ...about)).toEqual([0, `${ada}  active\n`]);
    expect(await told('invite', ...about)).toEqual([0, `${ada}  active\n`]);
    expect(await told('sessions', ...about)).toEqual([0, '']);
    expect(await told('delete', ...about, '--yes', '--reason', 'test')).toEqual([0, `${ada}  deleted\n`]);
    expect((await run('users', 'show', ...about)).code).toBe(1);
  });

  it('are taken away from nobody without --yes where nobody can be asked', async () => {
    await run('users', 'create', 'kept@demo.localhost', '--org', 'demo');
    const refused = await run('users', 'deactivate', 'kept@demo.localhost', '--org', 'demo');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(
      /^error\[usage\]: kept@demo\.localhost can no longer sign in; .* needs --yes\.\n$/,
    );
    const reasonless = await run('users', 'delete', 'kept@demo.localhost', '--org', 'demo', '--yes');
    expect([reasonless.code, reasonless.stderr]).toEqual([
      2,
      'error[usage]: A reason is needed: --reason.\n',
    ]);
  });
});

describe('users import', () => {
  it('a dry run says what would happen to whom, changes nothing, and ends with 1 for what is refused', async () => {
    const path = await file(
      'people.csv',
      `${header}a1@demo.localhost,A,One,user\nada@northwind,A,Two,user\na3@demo.localhost,A,Three,boss\n`,
    );
    const { code, stdout, stderr } = await run('users', 'import', path, '--org', 'demo', '--dry-run');
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toBe(
      [
        'people.csv: 3 rows. 1 to create, 0 to change, 0 same, 2 refused.',
        '  row  column  value          problem',
        '    3  email   ada@northwind  is not a mail address',
        '    4  role    boss           there is no such role; roles are admin, manager, user',
        'Would send 1 mail, take about 1 s. Nothing was changed.',
        '',
      ].join('\n'),
    );
    const started = await run('users', 'import', path, '--org', 'demo');
    expect(started.code).toBe(1);
    expect(started.stderr).toContain(`  do  drawbridge users import ${path} --org demo --skip-refused\n`);
    expect((await json('users', 'list', '--org', 'demo', '--email', 'a1@demo.localhost')).items).toEqual([]);
  });

  it('does the rest, shows progress as lines in a pipe, and leaves a file of what became of each row', async () => {
    const path = join(folder, 'people.csv');
    const { code, stdout, stderr } = await run('users', 'import', path, '--org', 'demo', '--skip-refused');
    expect([code, stdout]).toEqual([1, '✓ 1 done, 1 of them waiting for first sign-in.\n']);
    expect(stderr).toMatch(/^\d\d:\d\d:\d\d import \w+ \d\/1 done=\d attention=0/);
    expect(stderr).not.toContain('\u001b');
    expect(stderr).toContain(`  results  ${join(folder, 'people.results.csv')}\n`);
    const results = lines(await readFile(join(folder, 'people.results.csv'), 'utf8'));
    expect(results.map((line) => line.split(',')[5])).toEqual([
      'outcome',
      'waiting for first sign-in',
      'refused',
      'refused',
    ]);
    const again = await run('users', 'import', path, '--org', 'demo', '--skip-refused');
    expect(again.stderr).toBe('people.csv: nothing to do; 1 row the same already.\n');
  });

  it('with --json is a stream of documents whose last one is the result', async () => {
    const path = await file('more.csv', `${header}b1@demo.localhost,B,One,user\n`);
    const { code, stdout, stderr } = await run('users', 'import', path, '--org', 'demo', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const events = lines(stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([...new Set(events.map(({ event }) => event))]).toEqual([
      'checked',
      'progress',
      'results',
      'result',
    ]);
    expect(events.at(-1)).toMatchObject({
      schema: 'drawbridge.import/v1',
      import: { state: 'done', outcome: { waiting: 1 } },
    });
    const { id = '' } = (events.at(-1)?.import ?? {}) as { id?: string };
    const runs = await json('runs', 'list', '--org', 'demo', '--import', id);
    expect(runs).toMatchObject({
      schema: 'drawbridge.runs/v1',
      items: [{ title: 'create b1@demo.localhost' }],
    });
  });

  it('says what is wrong with a file that cannot be read', async () => {
    const missing = await run('users', 'import', join(folder, 'none.csv'), '--org', 'demo');
    expect([missing.code, missing.stderr.split('\n')[0]]).toEqual([
      1,
      `error[file_unreadable]: ${join(folder, 'none.csv')} cannot be read.`,
    ]);
    const wrong = await run('users', 'import', await file('wrong.csv', 'name,mail\nx,y\n'), '--org', 'demo');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('  email is missing in the header\n');
  });
});

describe('runs', () => {
  it('that stopped are shown with what can be decided, and waited for until they are over', async () => {
    const { run: started } = (await json(
      'users',
      'create',
      'w@demo.localhost',
      '--org',
      'demo',
      '--no-wait',
    )) as { run: { id: string } };
    const watched = await run('runs', 'watch', started.id, '--json');
    expect(watched.code).toBe(0);
    expect(JSON.parse(lines(watched.stdout).at(-1) ?? '')).toMatchObject({
      event: 'result',
      schema: 'drawbridge.run/v1',
      run: { id: started.id, state: 'waiting' },
    });
    const shown = await run('runs', 'show', started.id);
    expect(shown.stdout).toMatch(
      /^… waiting for first sign-in {3}create w@demo\.localhost, by \S+, \d\d:\d\d:\d\d\n/,
    );
    expect(shown.stdout).toContain(`    drawbridge runs compensate ${started.id} --reason "…"\n`);
    const undone = await run('runs', 'compensate', started.id, '--reason', 'test', '--yes');
    expect([undone.code, undone.stdout]).toEqual([0, `run ${started.id}  compensated\n`]);
    const again = await run('runs', 'resume', started.id, '--reason', 'test');
    expect([again.code, again.stdout]).toEqual([1, '']);
  });
});

describe('orgs', () => {
  it('are made, and mapped to what Zitadel has', async () => {
    const made = await run('orgs', 'create', 'north', '--name', 'Northwind');
    expect(made.stdout).toMatch(/^north {2}unmapped {2}organization \w+\n$/);
    const listed = lines((await run('orgs', 'list')).stdout).map((line) => line.split(/ {2,}/).slice(0, 4));
    expect(listed).toEqual([
      ['demo', 'Demo', 'mapped', 'demo'],
      ['north', 'Northwind', 'unmapped', '–'],
    ]);
    const { items } = (await json('orgs', 'available')) as { items: { id: string; name: string }[] };
    const first = items.find(({ name }) => name === 'ZITADEL')?.id ?? '';
    const mapped = await run('orgs', 'map', 'north', first, '--reason', 'test');
    expect([mapped.code, mapped.stdout]).toEqual([
      0,
      expect.stringMatching(/^north {2}mapped {2}\d+ {2}run \w+\n$/),
    ]);
    expect((await run('orgs', 'show', 'north')).stdout).toContain('  users    0\n');
    expect((await run('orgs', 'unmap', 'north', '--reason', 'test')).code).toBe(2);
    const unmapped = await run('orgs', 'unmap', 'north', '--reason', 'test', '--yes');
    expect([unmapped.code, unmapped.stdout]).toEqual([
      0,
      expect.stringMatching(/^north {2}unmapped {2}run \w+\n$/),
    ]);
  });
});

describe('admins', () => {
  it('are listed, named by their id in Zitadel, and removed, with a reason each time', async () => {
    const admins = (...args: string[]) => run('admins', ...args);
    await run('users', 'create', 'second@demo.localhost', '--org', 'demo', '--name', 'Sec Ond');
    const { items } = (await json('users', 'list', '--org', 'demo', '--email', 'second@demo.localhost')) as {
      items: { zitadelUserId: string }[];
    };
    const id = items[0]?.zitadelUserId ?? '';
    expect(await admins('add', id)).toMatchObject({
      code: 2,
      stderr: 'error[usage]: A reason is needed: --reason.\n',
    });
    const wrong = await admins('add', 'second@demo.localhost', '--reason', 'test');
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('Zitadel shows no user second@')]);
    for (const _twice of [1, 2])
      expect(await admins('add', id, '--reason', 'test')).toMatchObject({
        code: 0,
        stdout: `${id}  site administrator  Sec Ond\n`,
      });
    const row = lines((await admins('list')).stdout).find((line) => line.startsWith(id));
    expect(row).toMatch(/^\w+ {2}Sec Ond +second@demo\.localhost +\d\d:\d\d:\d\d {2}\S+$/);
    expect(await json('admins', 'list')).toMatchObject({
      schema: 'drawbridge.site-administrators/v1',
      items: expect.arrayContaining([expect.objectContaining({ subject: id, name: 'Sec Ond' })]),
    });
    expect(await admins('remove', id, '--reason', 'test')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('needs --yes.'),
    });
    expect(await admins('remove', id, '--reason', 'test', '--yes')).toMatchObject({
      code: 0,
      stdout: `${id}  no site administrator any more\n`,
    });
    // Those that are left: the last one is told so, and stays.
    const { items: left } = (await json('admins', 'list')) as {
      items: { subject: string; name: string | null }[];
    };
    const person = left.find(({ name }) => name !== null)?.subject ?? '';
    const program = left.find(({ name }) => name === null)?.subject ?? '';
    expect((await admins('remove', person, '--reason', 'test', '--yes')).code).toBe(0);
    expect((await admins('list')).stderr).toContain('Only one.');
    const last = await admins('remove', program, '--reason', 'test', '--yes');
    expect([last.code, last.stderr]).toEqual([4, expect.stringMatching(/^error\[last_administrator\]: /)]);
    expect((await admins('add', person, '--reason', 'test')).code).toBe(0);
  });
});

describe('sync', () => {
  it('reads everybody, and says so', async () => {
    const { code, stdout, stderr } = await run('sync', '--org', 'demo');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^sweep \w+ {2}done {2}/)]);
    expect(stderr).toMatch(/✓ \d+ users in 1 organization read\n$/);
    const [line = ''] = lines((await run('sync', 'list', '--limit', '1')).stdout);
    expect(line).toContain('  done  ');
    const shown = await run('sync', 'show', line.split(' ')[0] ?? '', '--users', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      schema: 'drawbridge.sweep/v1',
      users: expect.any(Array),
    });
    const unknown = await run('sync', 'shwo');
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      'error[usage]: There is no such drawbridge sync; there are list, show, approve, discard. See drawbridge sync --help.\n',
    ]);
  });
});

describe('audit', () => {
  it('is listed, exported as JSON lines, and verified', async () => {
    const listed = await run('audit', 'list', '--org', 'demo', '--action', 'user.create');
    expect(listed.stdout).toContain('user.create');
    const exported = await run('audit', 'export', '--org', 'demo');
    const entries = lines(exported.stdout).map((line) => JSON.parse(line) as { action: string });
    expect(entries.at(-1)?.action).toBe('audit.export');
    expect(exported.stderr).toContain(`${entries.length} entries.`);
    const verified = await run('audit', 'verify', '--org', 'demo');
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringMatching(/^✓ demo: chain verified/)]);
  });
});

it('S32 no secret is in what the commands print or log', () => {
  expect(dev.output()).not.toMatch(/BEGIN (RSA )?PRIVATE KEY|eyJ[\w-]{20,}\.[\w-]{20,}\./);
});
