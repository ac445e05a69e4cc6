import { doctorChecks } from '@drawbridge/stack';
import { expect, it } from 'vitest';
import { diagnose, isFinding, useWorld } from './planted.ts';

const world = useWorld();

it('finds nothing where everything is well, and skips nothing but what is not set', async () => {
  const results = await diagnose(world().patient());
  expect(results.filter(({ state }) => state !== 'ok')).toEqual([
    { name: 'database', state: 'skip', text: 'no database is set (DATABASE_URL)' },
  ]);
  expect(results).toHaveLength(doctorChecks.length);
});

it('skips what is not set up, and says what would set it up', async () => {
  const results = await diagnose(
    world().patient({
      projectId: undefined,
      application: undefined,
      directory: undefined,
      openbao: undefined,
      netbird: undefined,
      cluster: undefined,
      mayProbe: false,
    }),
  );
  expect(results.filter(isFinding)).toEqual([]);
  const skipped = results.filter(({ state }) => state === 'skip');
  expect(skipped.map(({ name }) => name)).toEqual([
    ...['project', 'audience', 'directory', 'events', 'database'],
    ...['openbao', 'openbao role', 'openbao login', 'netbird', 'registration', 'front proxy', 'user ids'],
  ]);
  expect(skipped.every(({ ground }) => ground === undefined)).toBe(true);
});
