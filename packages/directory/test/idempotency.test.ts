import type { Directory } from '@drawbridge/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';
import { createdUser } from './support/lifecycle.ts';
import { call, openDirectoryOn, openWorld, type World } from './support/world.ts';

describe.each(databases)('a POST that comes twice, on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let close: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    const own = await kind.location();
    close = own.close;
    directory = await openDirectoryOn(world, own.location);
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await close();
    await world.close();
  });

  const post = async (path: string, body: object, key: string, caller = 'root') =>
    await call(directory, caller, 'POST', path, body, { 'idempotency-key': key });
  const runId = ({ body }: { body: Readonly<Record<string, unknown>> }) => (body.run as { id: string }).id;

  it('is carried out once, and answered the same', async () => {
    const id = await createdUser(directory, 'once');
    const path = `/api/users/${id}/invitation`;
    const first = await post(path, {}, 'k-1');
    const second = await post(path, {}, 'k-1');
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(runId(second)).toBe(runId(first));
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const third = await post(path, {}, 'k-2');
    expect(runId(third)).not.toBe(runId(first));
  });

  it('is refused where the key was for something else', async () => {
    const id = await createdUser(directory, 'else');
    await post(`/api/zitadel/users/${id}/deactivate`, { reason: 'a' }, 'k-3');
    const other = await post(`/api/zitadel/users/${id}/deactivate`, { reason: 'b' }, 'k-3');
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('is answered with the refusal that it got, but after an outage it is carried out', async () => {
    const refused = await post(
      '/api/zitadel/org-mapping',
      { organization: 'north', zitadelOrgId: 'org-south', reason: 'x' },
      'k-4',
    );
    expect(refused.status).toBe(409);
    const again = await post(
      '/api/zitadel/org-mapping',
      { organization: 'north', zitadelOrgId: 'org-south', reason: 'x' },
      'k-4',
    );
    expect(again).toMatchObject({ status: 409, body: { code: refused.body.code } });

    await directory.database.db
      .insertInto('idempotency_keys')
      .values({
        caller: 'root',
        key: 'k-5',
        request_hash: '0',
        status: 0,
        body: 'null',
        created_at: new Date(),
      })
      .execute();
    const stranger = await post('/api/organizations', { slug: 'fifth', name: 'Fifth' }, 'k-5');
    expect(stranger.status).toBe(422);
  });

  it('waits for the first to be over, two at once', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => post('/api/organizations', { slug: 'sixth', name: 'Sixth' }, 'k-6')),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1);
    // Carried out a second time it would meet the name and say `conflict` for that reason.
    for (const { status, body } of answers)
      if (status !== 201)
        expect(body).toMatchObject({
          code: 'conflict',
          detail: expect.stringContaining('still being carried out'),
        });
    expect((await post('/api/organizations', { slug: 'sixth', name: 'Sixth' }, 'k-6')).status).toBe(201);
  });
});
