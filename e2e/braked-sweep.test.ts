import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawbridge, type Running, startDrawbridge } from './support/command.ts';

const people = Array.from({ length: 8 }, (_, at) => `p${at}@demo.localhost`);

let folder: string;
let dev: Running;

const run = (...args: string[]) => drawbridge([...args, '--data-dir', folder]);
const post = async (path: string, body: unknown, token = '') => {
  const answer = await fetch(`${String(dev.ready.issuer)}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([path, answer.status]).toEqual([path, 200]);
};
const brakedSweep = async () => (await run('sync', 'list', '--state', 'braked')).stdout.split(' ')[0] ?? '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-braked-'));
  dev = await startDrawbridge(['dev', '--data-dir', folder, '--port-base', '0']);
  const path = join(folder, 'people.csv');
  const rows = people.map((email) => `${email},Given,Family,user\n`);
  await writeFile(path, `email,given_name,family_name,role\n${rows.join('')}`);
  expect((await run('users', 'import', path, '--org', 'demo')).code).toBe(0);
});
afterAll(async () => {
  await dev.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

it('S54 a sweep that would deactivate too many ends with 4, is looked at, discarded, and approved by its number', async () => {
  // No event tells of it: the sweep alone finds out.
  await post('/emulator/controls', {
    webhooks: { loseNext: 1_000 },
    faults: [{ match: '*events/_search*' }],
  });
  const token = (await run('token')).stdout.trim();
  const { items } = JSON.parse((await run('users', 'list', '--org', 'demo', '--json')).stdout) as {
    items: readonly { readonly email: string; readonly zitadelUserId: string }[];
  };
  for (const { zitadelUserId } of items.filter(({ email }) => people.includes(email)))
    await post('/zitadel.user.v2.UserService/DeactivateUser', { userId: zitadelUserId }, token);

  const braked = await run('sync');
  expect([braked.code, braked.stdout]).toEqual([4, '']);
  expect(braked.stderr).toMatch(/✓ 9 users in 1 organization read {3}‖ braked\n/);
  expect(braked.stderr).toMatch(/ {2}Demo {15}9 {9}8 {3}89 % {2}inactive\n/);
  expect(braked.stderr).toMatch(/error\[sweep_braked\]: 8 of 9 users .* Nobody was deactivated\.\n/);
  const first = await brakedSweep();
  expect(braked.stderr).toContain(`  do  drawbridge sync show ${first} --users\n`);

  const shown = await run('sync', 'show', first, '--users');
  expect(shown.code).toBe(0);
  for (const email of people) expect(shown.stdout).toMatch(new RegExp(`${email} +deactivate +held +active`));
  // Nobody's roles are put right on account of lists that show nobody.
  expect(shown.stdout).not.toMatch(/ correct /);
  expect((await run('sync')).code).toBe(4);

  const discarded = await run('sync', 'discard', first, '--reason', 'looking first');
  expect([discarded.code, discarded.stdout]).toEqual([
    0,
    `sweep ${first}  discarded  nobody was deactivated\n`,
  ]);
  expect((await run('sync')).code).toBe(4);
  const second = await brakedSweep();
  const miscounted = await run('sync', 'approve', second, '--count', '7', '--reason', 'they left');
  expect([miscounted.code, miscounted.stderr.split('\n')[0]]).toEqual([
    4,
    'error[sweep_count_differs]: 8 of those are held, not 7.',
  ]);
  const approved = await run('sync', 'approve', second, '--count', '8', '--reason', 'they left');
  expect([approved.code, approved.stdout]).toEqual([0, `sweep ${second}  approved  8 deactivated, 0 held\n`]);
  expect((await run('sync')).code).toBe(0);
});
