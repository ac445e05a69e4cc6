import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { WebhookSettings, WebhookUse } from './webhook-process.ts';

/** The webhook of a benchmark. */
export interface RunningWebhook {
  /** Whether it is reached over TLS: for a certificate openssl is needed. */
  readonly tls: boolean;
  /** Asks about a token on a connection that is kept, as kube-apiserver does. @returns 1 yes, 0 no, -1 cannot tell */
  review(token: string): Promise<1 | 0 | -1>;
  use(): Promise<WebhookUse>;
  stop(): Promise<void>;
}

const path = '/apis/authentication.k8s.io/v1/tokenreviews?timeout=30s';

const programs = {
  webhook: import.meta.resolve('./webhook-process.ts'),
  bare: import.meta.resolve('./bare-process.ts'),
};

/** Starts the webhook, or a bare server instead of it, in a child process. */
export async function startWebhook(
  settings: Omit<WebhookSettings, 'tls'>,
  name: keyof typeof programs = 'webhook',
): Promise<RunningWebhook> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-bench-'));
  const tls = await makeCertificate(folder);
  const program = fileURLToPath(programs[name]);
  const child = fork(program, [JSON.stringify({ ...settings, ...(tls ? { tls } : {}) })], {
    execArgv: ['--conditions=@drawbridge/source'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const asker = createAsker(url, tls && (await readFile(tls.certFile)));
  return {
    tls: tls !== undefined,
    review: asker.review,
    async use() {
      const answer = once(child, 'message') as Promise<[WebhookUse]>;
      child.send('use');
      return (await answer)[0];
    },
    async stop() {
      asker.close();
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** Asks a webhook about tokens, on connections that are kept. */
export interface Asker {
  readonly review: RunningWebhook['review'];
  close(): void;
}

/** @param ca what the server's certificate is checked against; without, plain http is spoken */
export function createAsker(url: string, ca: Buffer | undefined): Asker {
  const where = new URL(path, url);
  const pool = { keepAlive: true, maxSockets: 64 };
  const agent = ca ? new Agent({ ...pool, ca }) : new PlainAgent(pool);
  const send = ca ? request : plainRequest;
  return {
    close: () => agent.destroy(),
    review: (token) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify({
          kind: 'TokenReview',
          apiVersion: 'authentication.k8s.io/v1',
          metadata: { creationTimestamp: null },
          spec: { token, audiences: ['https://kubernetes.default.svc'] },
          status: { user: {} },
        });
        const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
        const sent = send(where, { method: 'POST', agent, headers }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk.toString();
          });
          response.on('end', () => {
            if (response.statusCode !== 200) resolve(-1);
            else resolve(text.includes('"authenticated":true') ? 1 : 0);
          });
        });
        sent.on('error', reject);
        sent.end(body);
      }),
  };
}

export async function makeCertificate(folder: string): Promise<WebhookSettings['tls']> {
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  try {
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...[
        '-subj',
        '/CN=webhook',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-out',
        certFile,
        '-keyout',
        keyFile,
      ],
    ]);
    return { certFile, keyFile };
  } catch {
    return undefined; // no openssl: the name of the measurement says so
  }
}
