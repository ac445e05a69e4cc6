import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { versionOf } from '../../src/api/etag.ts';
import { databases } from '../support/databases.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

describe.each(databases)('entity tags on $name', (kind) => {
  let world: WebWorld;
  beforeAll(async () => {
    world = await openWebWorld(kind);
  });
  afterAll(() => world.close());

  it('a user has an ETag that changes with what is shown, and is not sent twice', async () => {
    const { browser } = await world.signIn('ada');
    const { base, id } = await firstUser();
    const first = await browser.request(base);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"v\d+\.[\w-]+"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const known = (header: string) => browser.request(base, { headers: { 'if-none-match': header } });
    for (const header of [tag, `W/${tag}`, `"other", ${tag}`, '*'])
      expect(await known(header)).toMatchObject({ status: 304, text: '' });
    // Observed, not changed: the version stays, what is shown does not.
    await world.directory.database.db
      .updateTable('users')
      .set({ given_name: 'Other' })
      .where('id', '=', id)
      .execute();
    const changed = await known(tag);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
  });

  it('a change that was made on what is no longer so is refused with 412', async () => {
    const { browser } = await world.signIn('ada');
    const { base } = await firstUser();
    const { csrfToken } = (await world.call(browser, 'GET', '/api/me')).body as { csrfToken: string };
    const patch = (tag: string, givenName: string) =>
      browser.request(base, {
        method: 'PATCH',
        headers: {
          'content-type': 'application/json',
          'x-csrf-token': csrfToken,
          'if-match': tag,
          prefer: 'wait=20',
        },
        body: JSON.stringify({ givenName }),
      });
    const tag = (await browser.request(base)).headers.get('etag') ?? '';
    expect((await patch(tag, 'First')).status).toBe(202);
    const refused = await patch(tag, 'Second');
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      412,
      expect.objectContaining({ code: 'precondition_failed' }),
    ]);
    for (const odd of ['"other"', 'W/"v1"', 'v1', '""']) expect((await patch(odd, 'Odd')).status).toBe(412);
  });

  it('If-Match is a version or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat().map((n) => `"v${n}"`),
        ),
        (header) => {
          const read = () => versionOf({ headers: { 'if-match': header } });
          const plain = /^"v(\d{1,9})"$/.exec(header.trim())?.[1];
          if (plain !== undefined) expect(read()).toBe(Number(plain));
          else if (header.trim() === '*') expect(read()).toBeUndefined();
          else if (!/^"v\d{1,9}\.[\w-]{1,40}"$/.test(header.trim()))
            expect(read).toThrow(expect.objectContaining({ code: 'precondition_failed' }));
        },
      ),
    );
    expect(versionOf({ headers: {} })).toBeUndefined();
  });

  async function firstUser() {
    const { id } = await world.directory.database.db
      .selectFrom('users')
      .select('id')
      .where('zitadel_user_id', '=', 'uma')
      .executeTakeFirstOrThrow();
    return { id, base: `${world.directory.url}/api/users/${id}` };
  }
});
