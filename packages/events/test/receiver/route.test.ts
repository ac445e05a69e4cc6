import { request } from 'node:http';
import { addReceiverRoute, createInbox, createReceiver } from '@drawbridge/events';
import { createHttpServer, DrawbridgeError, type HttpServer, Secret } from '@drawbridge/kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase } from '../support/databases.ts';
import { event, instance, noting } from '../support/events.ts';
import { bodyOf, sign, signingKey } from '../support/webhook.ts';

const path = '/webhooks/zitadel/events';

describe.each(databases)('the route of a receiver on $name', ({ open }) => {
  let database: TestDatabase;
  let server: HttpServer | undefined;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await database.clear();
  });
  afterAll(() => database.close());

  const serve = async (options: { readonly unsigned?: boolean; readonly host?: string } = {}) => {
    const consumers = [noting('status', ['user.deactivated'])];
    const inbox = createInbox({ database, instance, consumers });
    await inbox.register();
    const receiver = createReceiver({
      inbox,
      keys: [new Secret(signingKey)],
      unsigned: options.unsigned ?? false,
    });
    server = await createHttpServer({ name: 'events', port: 0, host: options.host ?? '127.0.0.1' });
    await addReceiverRoute(server, { receiver });
    await server.start();
    const { port } = new URL(server.url);
    return async (body: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, headers });
      return { status: response.status, headers: response.headers, body: await response.json() };
    };
  };

  const stored = async () => (await database.kysely.selectFrom('events_inbox').selectAll().execute()).length;

  it('S51 F7 answers 200 once the event is durable, and again when it comes twice', async () => {
    const send = await serve();
    const body = bodyOf(event());
    for (let time = 0; time < 2; time++) {
      const answer = await send(body, {
        'content-type': 'application/json',
        'zitadel-signature': sign(body, Date.now()),
      });
      expect(answer).toMatchObject({ status: 200, body: {} });
      expect(await stored()).toBe(1);
    }
  });

  it('chooses who receives by the path, and answers what choosing throws', async () => {
    const consumers = [noting('status', ['user.deactivated'])];
    const inbox = createInbox({ database, instance, consumers });
    await inbox.register();
    const receiver = createReceiver({ inbox, keys: [new Secret(signingKey)] });
    server = await createHttpServer({ name: 'events', port: 0 });
    await addReceiverRoute(server, {
      path: `${path}/:name`,
      receiver: ({ name }) => {
        if (name === 'known') return receiver;
        throw new DrawbridgeError('not_found');
      },
    });
    await server.start();
    const body = bodyOf(event());
    const send = async (name: string) =>
      await fetch(`${server?.url}${path}/${name}`, {
        method: 'POST',
        body,
        headers: { 'zitadel-signature': sign(body, Date.now()) },
      });
    expect((await send('other')).status).toBe(404);
    expect(await stored()).toBe(0);
    expect((await send('known')).status).toBe(200);
    expect(await stored()).toBe(1);
  });

  it('takes the raw body whatever its content type says', async () => {
    const send = await serve();
    const body = bodyOf(event({ payload: { a: 1.0 } })).replaceAll(',', ' ,\n');
    const signature = { 'zitadel-signature': sign(body, Date.now()) };
    for (const type of ['text/plain', 'application/jose', 'application/json; charset=utf-8'])
      expect(await send(body, { ...signature, 'content-type': type })).toMatchObject({ status: 200 });
  });

  it('S47 S51 refuses with a problem document, and asks for no repeat', async () => {
    const send = await serve();
    const body = bodyOf(event());
    const refused = await send(body, { 'zitadel-signature': sign(body, Date.now() - 400_000) });
    expect(refused).toMatchObject({ status: 401, body: { code: 'webhook_refused' } });
    expect(refused.headers.has('retry-after')).toBe(false);
    expect(await send(body)).toMatchObject({ status: 401 });
    const invalid = await send('{}', { 'zitadel-signature': sign('{}', Date.now()) });
    expect(invalid).toMatchObject({ status: 400, body: { code: 'webhook_invalid' } });
    expect(await stored()).toBe(0);
  });

  it('S47 refuses a signature header that comes twice', async () => {
    await serve();
    const body = bodyOf(event());
    const signature = sign(body, Date.now());
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = request(`${server?.url}${path}`, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on('error', reject);
      call.setHeader('zitadel-signature', [signature, signature]);
      call.end(body);
    });
    expect(status).toBe(401);
  });

  it('S50 refuses a body of more than 1 MiB', async () => {
    const send = await serve();
    const body = ' '.repeat(1024 * 1024 + 1);
    expect(await send(body, { 'zitadel-signature': sign(body, Date.now()) })).toMatchObject({ status: 413 });
  });

  it('S49 takes unsigned calls on loopback alone', async () => {
    const onLoopback = await serve({ unsigned: true });
    expect(await onLoopback(bodyOf(event()))).toMatchObject({ status: 200 });
    await server?.stop();
    const onAll = await serve({ unsigned: true, host: '0.0.0.0' });
    expect(await onAll(bodyOf(event({ sequence: 2 })))).toMatchObject({
      status: 401,
      body: { code: 'webhook_refused' },
    });
    expect(await stored()).toBe(1);
  });
});
