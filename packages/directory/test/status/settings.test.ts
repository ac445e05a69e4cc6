import type { Directory } from '@drawbridge/directory';
import { ManualClock } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Settings, settingKeys } from '../../src/settings/index.ts';
import { databases } from '../support/databases.ts';
import { call, openDirectoryOn, openWorld, type World } from '../support/world.ts';

describe.each(databases)('settings on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    world = await openWorld();
    const { location, close } = await kind.location();
    drop = close;
    directory = await openDirectoryOn(world, location, { env: { DRAWBRIDGE_SYNC_BRAKE_PERCENT: '7.5' } });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await drop();
    await world.close();
  });

  const put = (key: string, body: unknown, headers: Record<string, string> = {}) =>
    call(directory, 'root', 'PUT', `/api/settings/${key}`, body, headers);
  const shown = async (key: string) => {
    const { body } = await call(directory, 'root', 'GET', '/api/settings');
    return (body.items as { key: string }[]).find((one) => one.key === key);
  };

  it('are listed with where they are from and what they do', async () => {
    const { body } = await call(directory, 'root', 'GET', '/api/settings');
    expect((body.items as { key: string }[]).map(({ key }) => key)).toEqual(settingKeys);
    expect(await shown('sync.intervalMinutes')).toMatchObject({
      value: 30,
      default: 30,
      source: 'default',
      variable: 'DRAWBRIDGE_SYNC_INTERVAL_MINUTES',
      version: 0,
    });
  });

  it('are changed with a reason and the version that was read, and the audit tells', async () => {
    const first = await put('sync.brakeUsers', { value: 9, reason: 'a large move' }, { 'if-match': '"v0"' });
    expect(first).toMatchObject({ status: 200, body: { value: 9, source: 'page', version: 1 } });
    expect(first.headers.get('etag')).toMatch(/^"v1\./);
    expect(await put('sync.brakeUsers', { value: 3, reason: 'x' }, { 'if-match': '"v0"' })).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed' },
    });
    expect(await shown('sync.brakeUsers')).toMatchObject({ value: 9, updatedBy: 'root' });
    const [entry] = await directory.database.db
      .selectFrom('audit')
      .selectAll()
      .where('object_id', '=', 'sync.brakeUsers')
      .execute();
    expect(entry).toMatchObject({
      action: 'setting.change',
      actor: 'root',
      reason: 'a large move',
      from_value: { value: 5 },
      to_value: { value: 9 },
    });
  });

  it('refuse what they cannot be, and what there is not', async () => {
    for (const value of [0, 1.5, 10_081, '30', null])
      expect(await put('sync.intervalMinutes', { value, reason: 'x' })).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    expect(await put('sync.conflictRule', { value: 'directory', reason: 'x' })).toMatchObject({
      status: 400,
    });
    expect(await put('sync.other', { value: 1, reason: 'x' })).toMatchObject({ status: 404 });
    expect(await put('sync.brakeUsers', { value: 1 })).toMatchObject({ status: 400 });
  });

  it('of the environment win, and are not changed here', async () => {
    expect(await shown('sync.brakePercent')).toMatchObject({ value: 7.5, source: 'environment' });
    expect(await put('sync.brakePercent', { value: 5, reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'setting_fixed' },
    });
  });

  it('of the environment that cannot be are all told at the start', () => {
    const env = { DRAWBRIDGE_SYNC_INTERVAL_MINUTES: 'soon', DRAWBRIDGE_SYNC_BRAKE_ON: 'perhaps' };
    const { database } = directory;
    expect(() => new Settings({ database, env })).toThrowError(
      expect.objectContaining({
        code: 'invalid_settings',
        problems: [
          expect.objectContaining({ field: 'DRAWBRIDGE_SYNC_INTERVAL_MINUTES' }),
          expect.objectContaining({ field: 'DRAWBRIDGE_SYNC_BRAKE_ON' }),
        ],
      }),
    );
  });

  it('that another process changed are seen after a moment', async () => {
    const clock = new ManualClock();
    const settings = new Settings({ database: directory.database, clock, cacheMs: 5_000 });
    expect((await settings.read())['sync.brakeOn']).toBe(true);
    await put('sync.brakeOn', { value: false, reason: 'x' });
    expect((await settings.read())['sync.brakeOn']).toBe(true);
    clock.advance(5_000);
    expect((await settings.read())['sync.brakeOn']).toBe(false);
  });
});
