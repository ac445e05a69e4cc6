import { readFileSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { WebhookSettings } from './webhook-process.ts';

/** Answers yes to whatever is asked: what a connection and a process cost on this machine at this moment. */
const { tls } = JSON.parse(process.argv[2] ?? '{}') as WebhookSettings;
const answer = JSON.stringify({ status: { authenticated: true } });
const listener: RequestListener = (request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(answer);
  });
};
const server = tls
  ? createServer({ cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) }, listener)
  : createPlainServer(listener);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}` });
});
process.once('disconnect', () => process.exit(0));
