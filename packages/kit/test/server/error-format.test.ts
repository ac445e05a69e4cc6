import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createHttpServer, type ErrorFormat } from '@drawbridge/kit';
import { expect, it, onTestFinished } from 'vitest';

const errorFormat: ErrorFormat = ({ code, info }) => ({
  contentType: 'application/json',
  body: JSON.stringify({ kind: 'Status', code: info.status, reason: info.reason, id: code }),
});

async function openServer() {
  const server = await createHttpServer({ name: 'worded', port: 0, errorFormat });
  await server.start();
  onTestFinished(() => server.stop());
  return server.url;
}

it("words every error as the server's format says, with the status of the registry", async () => {
  const answer = await fetch(`${await openServer()}/nowhere`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/json']);
  expect(await answer.json()).toEqual({ kind: 'Status', code: 404, reason: 'NotFound', id: 'not_found' });
});

it('words what never became a request, too', async () => {
  const socket = connect(Number(new URL(await openServer()).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end('this is not HTTP\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toContain('content-type: application/json');
  expect(answer).toContain('"reason":"BadRequest"');
});
