import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Asker, createAsker, makeCertificate } from './webhook.ts';
import type { WebhookSettings, WebhookUse } from './webhook-process.ts';

/** Program of the Go provider, to be measured beside ours. */
export const goProvider = process.env.BENCH_GO_PROVIDER;

export interface RunningGoProvider extends Pick<Asker, 'review'> {
  /** Linux alone tells it. */
  use(): Omit<WebhookUse, 'questions'>;
  stop(): Promise<void>;
}

/** Linux's clock ticks and pages, on every machine that benchmarks run on. */
const ticksPerSecond = 100;
const pageBytes = 4_096;

/** Starts the Go provider's TokenReview webhook on the same Zitadel. */
export async function startGoProvider(
  settings: Pick<WebhookSettings, 'issuer' | 'applicationKey'>,
): Promise<RunningGoProvider> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-bench-go-'));
  const tls = await makeCertificate(folder);
  if (!tls) throw new Error('the Go provider serves over TLS alone, and there is no openssl here');
  const key = join(folder, 'application.json');
  await writeFile(key, settings.applicationKey, { mode: 0o600 });
  // It reads one, and calls nobody.
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(unusedKubeconfig));
  const port = await freePort();
  const child = spawn(
    String(goProvider),
    [
      ...['authn-webhook', `--webhook-port=${port}`, '--metrics-bind-address=0', `--cert-dir=${folder}`],
      ...['--cert-file=tls.crt', '--key-file=tls.key'],
      ...[`--zitadel-domain=${settings.issuer}`, `--zitadel-private-key=${key}`],
    ],
    { stdio: 'ignore', env: { ...process.env, KUBECONFIG: kubeconfig } },
  );
  const asker = createAsker(`https://127.0.0.1:${port}`, await readFile(tls.certFile));
  const stop = async () => {
    asker.close();
    if (child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true });
  };
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) break;
    const answer = await asker.review('none').catch(() => undefined);
    if (answer !== undefined) return { review: asker.review, use: () => useOf(child.pid ?? 0), stop };
    await sleep(100);
  }
  await stop();
  throw new Error('the Go provider does not answer');
}

const unusedKubeconfig = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'none', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'none', user: {} }],
  contexts: [{ name: 'none', context: { cluster: 'none', user: 'none' } }],
  'current-context': 'none',
};

function useOf(pid: number): Omit<WebhookUse, 'questions'> {
  // The name, in brackets, may hold blanks: what is counted stands behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const [user = '', system = ''] = fields.slice(11, 13);
  return {
    cpu: (Number(user) + Number(system)) / ticksPerSecond,
    memory: Number(fields[21]) * pageBytes,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
