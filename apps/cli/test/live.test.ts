import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventsOf } from '../src/client/live.ts';

async function* pieces(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (let turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield text.slice(at, at + size);
    at += size;
  }
}

async function read(text: string, sizes: readonly number[] = [7]) {
  const found: { name: string; data: string }[] = [];
  for await (const event of eventsOf(pieces(text, sizes))) found.push(event);
  return found;
}

it('events of a live stream are read whatever the pieces they come in', async () => {
  const text =
    'retry: 2000\n\nid: 1-0\n\nevent: run\ndata: {"id":"a"}\nid: 2-0\n\n: heartbeat\n\nevent: user\r\ndata: {"id":"b"}\r\n\r\n';
  const expected = [
    { name: 'run', data: '{"id":"a"}' },
    { name: 'user', data: '{"id":"b"}' },
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      async (sizes) => {
        expect(await read(text, sizes)).toEqual(expected);
      },
    ),
  );
});

it('an event that is not over when the stream ends is none', async () => {
  expect(await read('event: run\ndata: {"id":"a"}\n')).toEqual([]);
});
