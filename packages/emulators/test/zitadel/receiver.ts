import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll } from 'vitest';

/** One request that a receiver got. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly raw: string;
  /** Parsed, where it is JSON. */
  readonly body: Record<string, unknown>;
}

/** What a receiver answers. */
export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  /** Resolves when the answer may go out. */
  readonly after?: Promise<void>;
}

/** A receiver of action calls on loopback, for the tests of one file. Answers 200 with nothing unless told otherwise. */
export function receiverForTests() {
  const received: Received[] = [];
  let answer: (request: Received) => Reply = () => ({});
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const body = (raw.startsWith('{') ? JSON.parse(raw) : {}) as Record<string, unknown>;
      const one = { headers: request.headers, raw, body };
      received.push(one);
      const { status = 200, body: reply, after } = answer(one);
      void Promise.resolve(after).then(() => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(reply === undefined ? '' : JSON.stringify(reply));
      });
    });
  });
  beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
  afterEach(() => {
    received.length = 0;
    answer = () => ({});
  });
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return {
    received,
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    answers: (reply: (request: Received) => Reply) => {
      answer = reply;
    },
  };
}

/** Whether a request bears the signature of a key. */
export function isSigned({ headers, raw }: Received, key: string): boolean {
  const [, time = '', mac = ''] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['zitadel-signature'])) ?? [];
  return createHmac('sha256', key).update(`${time}.${raw}`).digest('hex') === mac;
}
