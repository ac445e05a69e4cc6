import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createZitadel, type EventFilter, type StoredEvent } from '../../src/index.ts';
import { fakeFetch, tokenAnswer } from '../support/fetch.ts';
import { serviceAccount } from '../support/keys.ts';

interface Stored {
  readonly at: number;
  readonly aggregate: string;
  readonly sequence: number;
}

interface Range {
  readonly since?: string;
  readonly until?: string;
}

/** The same time as the client writes it. */
const nanos = (at: number) => moment(at).replace('Z', '000Z');
const moment = (at: number) => `2026-01-01T00:00:${String(at).padStart(2, '0')}.000001Z`;

/** A Zitadel whose event store is this list, in the order of its times. */
function storeOf(events: readonly Stored[]) {
  const fetch = fakeFetch((sent) => {
    if (sent.path === '/oauth/v2/token') return tokenAnswer('t');
    const asked = JSON.parse(sent.body) as { limit: number; asc: boolean; range?: Range };
    // Strictly between, as upstream has it (internal/eventstore/repository/search_query.go).
    const { since = '', until = '9999' } = asked.range ?? {};
    const within = events.filter(({ at }) => nanos(at) > since && nanos(at) < until);
    const found = within.slice(0, asked.limit);
    return {
      json: {
        events: found.map(({ at, aggregate, sequence }) => ({
          editor: { userId: '7' },
          aggregate: { id: aggregate, type: { type: 'user' }, resourceOwner: '3' },
          sequence: String(sequence),
          creationDate: moment(at),
          type: { type: 'user.added' },
        })),
      },
    };
  });
  const zitadel = createZitadel({
    issuer: 'https://sso.acme.example',
    credentials: serviceAccount(),
    http: { fetch },
    random: () => 0,
  });
  return { zitadel, fetch };
}

async function read(events: readonly Stored[], pageSize: number, filter: EventFilter = {}) {
  const { zitadel } = storeOf(events);
  const found: StoredEvent[] = [];
  for await (const event of zitadel.events.list(filter, { pageSize })) found.push(event);
  await zitadel.close();
  return found;
}

describe('the event store', () => {
  it('gives each event once and in order, wherever pages part those of one moment', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 }),
        fc.integer({ min: 5, max: 9 }),
        async (sizes, pageSize) => {
          const stored = sizes.flatMap((size, at) =>
            Array.from({ length: size }, (_, nth) => ({ at, aggregate: `u${nth}`, sequence: at + 1 })),
          );
          const found = await read(stored, pageSize);
          expect(found.map(({ aggregateId, sequence }) => `${aggregateId} ${sequence}`)).toEqual(
            stored.map(({ aggregate, sequence }) => `${aggregate} ${sequence}`),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('says so when a moment holds more than a page, rather than skip events', async () => {
    const stored = Array.from({ length: 9 }, (_, nth) => ({ at: 0, aggregate: `u${nth}`, sequence: 1 }));
    await expect(read(stored, 4)).rejects.toMatchObject({ code: 'response_too_large' });
  });

  it('takes both ends as Zitadel does not: themselves included', async () => {
    const stored = [1, 2, 3, 4].map((at) => ({ at, aggregate: 'u', sequence: at }));
    const found = await read(stored, 10, { since: moment(2), until: moment(3) });
    expect(found.map(({ sequence }) => sequence)).toEqual(['2', '3']);
    await expect(read(stored, 10, { since: 'yesterday' })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('keeps the time exactly as Zitadel sent it', async () => {
    const [event] = await read([{ at: 5, aggregate: 'u', sequence: 3 }], 10, { since: moment(5) });
    expect(event).toEqual({
      type: 'user.added',
      aggregateType: 'user',
      aggregateId: 'u',
      resourceOwner: '3',
      sequence: '3',
      createdAt: '2026-01-01T00:00:05.000001Z',
      editorUserId: '7',
    });
  });
});
