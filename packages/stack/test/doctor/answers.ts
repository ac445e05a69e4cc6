import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of answers that a test changes. */
interface Answers {
  readonly url: string;
  /** By path: what GET answers with; a function is asked each time. */
  readonly answers: Map<string, unknown>;
  /** Paths that something was posted to. */
  readonly posted: string[];
  close(): Promise<void>;
}

export async function serveAnswers(): Promise<Answers> {
  const answers = new Map<string, unknown>();
  const posted: string[] = [];
  const server: Server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (request.method === 'POST') posted.push(path);
    const found = answers.get(path);
    const answer: unknown = typeof found === 'function' ? (found as () => unknown)() : found;
    response.statusCode = answer === undefined ? (request.method === 'POST' ? 200 : 404) : 200;
    if (answer instanceof Response) response.statusCode = answer.status;
    response.setHeader('content-type', 'application/json');
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    posted,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
