import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type OwnDatabase, ownDatabase } from '../directory/own-database.ts';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';
import { startEmulator } from '../zitadel/emulator.ts';
import { startStandIn } from './controller.ts';
import { saturate } from './load.ts';
import { makeTenant } from './tokens.ts';
import { createAsker, makeCertificate } from './webhook.ts';

const main = fileURLToPath(import.meta.resolve('../../../apps/cli/src/main.ts'));
const seconds = 3;
const callers = 16;
const megabyte = 1024 * 1024;

/** Resident memory of each program as it is started in a pod: idle, and under load. Linux alone tells it. */
export async function* measureMemory(): AsyncGenerator<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-bench-'));
  const tls = await makeCertificate(folder);
  if (tls === undefined || process.platform !== 'linux') {
    await rm(folder, { recursive: true });
    yield { name: 'memory of the programs', value: 'not measured: no openssl, or no Linux' };
    return;
  }
  const emulator = await startEmulator();
  const zitadel = emulator.client();
  const tenant = await makeTenant(emulator, zitadel);
  const standIn = await startStandIn();
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  let database: OwnDatabase | undefined;
  try {
    const [key, application] = [
      await file('key.json', emulator.key),
      await file('app.json', tenant.applicationKey),
    ];
    const kubeconfig = await file('kubeconfig', JSON.stringify(kubeconfigOf(standIn.url)));
    const [token = ''] = await tenant.tokens(1);
    const ca = await readFile(tls.certFile);
    const own = ['--zitadel-issuer', emulator.issuer, '--zitadel-key', key];
    yield await measure('apiserver', {
      args: [
        ...['apiserver', ...own, '--secure-port', '0', '--host', '127.0.0.1'],
        ...['--tls-cert-file', tls.certFile, '--tls-private-key-file', tls.keyFile],
        ...['--requestheader-client-ca-file', tls.certFile, '--requestheader-allowed-names', 'front-proxy'],
        ...['--audience', tenant.projectId, '--zitadel-application-key', application],
        ...['--kubeconfig', kubeconfig],
      ],
      load: (url) => {
        const agent = new Agent({ keepAlive: true, ca, maxSockets: callers });
        return {
          work: () => get(`${url}/apis/identity.miloapis.com/v1alpha1/sessions`, token, agent),
          agent,
        };
      },
    });
    yield await measure('authn-webhook', {
      args: [
        ...['authn-webhook', '--issuer', emulator.issuer, '--zitadel-private-key', application],
        ...['--audience', tenant.projectId, '--cert-dir', folder, '--host', '127.0.0.1', '--port', '0'],
      ],
      load: (url) => {
        const asker = createAsker(url, ca);
        return { work: () => asker.review(token).then(() => undefined), agent: { destroy: asker.close } };
      },
    });
    database = await ownDatabase();
    const { kind, location } = database;
    yield await measure(`actions-server on ${kind}`, {
      args: [
        ...['actions-server', '--addr', '127.0.0.1:0', '--disable-signature-validation', '--without-cluster'],
        ...['--issuer', emulator.issuer],
        ...('url' in location ? [] : ['--data-dir', join(folder, 'data')]),
      ],
      ...('url' in location ? { env: { DATABASE_URL: location.url.expose() } } : {}),
      load: (url) => ({
        work: async () => {
          const body = JSON.stringify({ function: 'function/preuserinfo', user: { id: 'u', human: {} } });
          const headers = { 'content-type': 'application/json' };
          const answer = await fetch(`${url}/v1/actions/customize-jwt`, { method: 'POST', headers, body });
          await answer.arrayBuffer();
        },
        agent: { destroy: () => undefined },
      }),
    });
    yield await measure('controller', {
      args: [
        ...['controller', ...own, '--kubeconfig', kubeconfig, '--leader-election-namespace', 'default'],
        ...[
          '--health-probe-bind-address',
          '127.0.0.1:0',
          '--service-account-organization',
          emulator.organizationId,
        ],
      ],
    });
  } finally {
    await database?.drop();
    await standIn.stop();
    await zitadel.close();
    await emulator.stop();
    await rm(folder, { recursive: true });
  }
}

interface Program {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** One request of the load, where requests are what loads it. */
  readonly load?: (url: string) => {
    readonly work: () => Promise<void>;
    readonly agent: { destroy(): void };
  };
}

async function measure(name: string, { args, env = {}, load }: Program): Promise<Measurement> {
  const child = spawn(process.execPath, ['--conditions=@drawbridge/source', main, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'exit');
  try {
    const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
    const { url } = JSON.parse(String(line[0])) as { readonly url: string };
    const idle = residentOf(child.pid ?? 0);
    if (load === undefined) return { name: `memory of ${name}, idle`, value: `${round(idle)} MB` };
    const { work, agent } = load(url);
    const done = await saturate(seconds, callers, work);
    agent.destroy();
    return {
      name: `memory of ${name}, idle and after ${round(done)} requests`,
      value: `${round(idle)} and ${round(residentOf(child.pid ?? 0))} MB`,
    };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

function residentOf(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) * 1_024) / megabyte;
}

function get(url: string, token: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`answered ${response.statusCode}`));
      response.resume();
      response.on('end', resolve);
    });
    sent.on('error', reject);
    sent.end();
  });
}

function kubeconfigOf(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'stand-in', cluster: { server } }],
    users: [{ name: 'bench', user: {} }],
    contexts: [{ name: 'bench', context: { cluster: 'stand-in', user: 'bench' } }],
    'current-context': 'bench',
  };
}
