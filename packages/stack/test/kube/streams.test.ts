import { connect } from 'node:net';
import { DrawbridgeError, Secret } from '@drawbridge/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeAuthority } from '../../../kit/test/support/authority.ts';
import { until } from '../../../kubernetes/test/support/until.ts';
import { endpointSlices, execCapture, portForward, services } from '../../src/index.ts';
import { type Command, type Ended, echo } from './support/machine.ts';
import { openStandIn } from './support/stand-in.ts';
import { webSocketStreams } from './support/web-socket-streams.ts';

const namespace = 'openbao';
const pod = 'openbao-0';

/** A cluster whose pods run what a test says. */
async function cluster(
  options: {
    readonly run?: (command: Command) => Promise<Ended>;
    readonly portOf?: (pod: string, port: number) => number | undefined;
    readonly refuse?: Parameters<typeof webSocketStreams>[1];
  } = {},
) {
  const { run = async () => ({}), portOf = () => undefined } = options;
  const streams = webSocketStreams({ run, portOf }, options.refuse);
  const standIn = await openStandIn({ upgrade: streams.upgrade });
  // Those that nobody reads would keep the server from stopping.
  onTestFinished(streams.cut);
  return { ...standIn, streams };
}

const failureOf = async (work: Promise<unknown>): Promise<DrawbridgeError> => {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DrawbridgeError)) throw new Error('it did not fail as it should', { cause: error });
  return error;
};

/** Sends, and reads until it was given back; whoever `ends` says before the answer that no more comes. */
function ask(port: number, text: string, { ends = false } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      if (ends) socket.end(text);
      else socket.write(text);
    });
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => {
      answer += piece;
      if (answer.endsWith(text)) socket.destroy();
    });
    socket.once('end', () => socket.end());
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
  });
}

describe('a command in a container', () => {
  it('gives what it wrote and how it ended, its arguments as they are and its secret by the input', async () => {
    const seen: Command[] = [];
    let read = '';
    const { kube, streams } = await cluster({
      run: async (command) => {
        seen.push(command);
        read = String(await command.stdin);
        return { exitCode: 2, stdout: '{"sealed":true}\n', stderr: 'a warning: ä\n' };
      },
    });
    const result = await execCapture(kube, {
      namespace,
      pod,
      container: 'openbao',
      argv: ['bao', 'write', '$(id)', 'a b;c', '-'],
      stdin: new Secret('s3cr3t'.repeat(10_000)),
    });
    expect(result).toEqual({ exitCode: 2, stdout: '{"sealed":true}\n', stderr: 'a warning: ä\n' });
    expect(seen[0]).toMatchObject({
      pod,
      container: 'openbao',
      argv: ['bao', 'write', '$(id)', 'a b;c', '-'],
    });
    expect(read).toBe('s3cr3t'.repeat(10_000));
    expect(streams.seen).toEqual(['exec openbao-0 v5.channel.k8s.io']);
  });

  it('has no input where none is given, and may write much', async () => {
    const { kube } = await cluster({
      run: async ({ stdin }) => ({ stdout: Buffer.alloc(500_000, stdin === undefined ? 'n' : 'y') }),
    });
    const { exitCode, stdout } = await execCapture(kube, { namespace, pod, argv: ['true'] });
    expect([exitCode, stdout.length, stdout[0]]).toEqual([0, 500_000, 'n']);
  });

  it('fails where it writes more than is taken, cannot be started, or is not let in', async () => {
    const { kube } = await cluster({
      run: async ({ argv: [program] }) =>
        program === 'yes'
          ? { stdout: Buffer.alloc(5_000) }
          : { failure: `exec: "${program}": executable file not found in $PATH` },
      refuse: ({ pod: name }) =>
        name === pod
          ? undefined
          : {
              status: 404,
              body: JSON.stringify({
                kind: 'Status',
                reason: 'NotFound',
                message: `pods "${name}" not found`,
                details: { name, kind: 'pods' },
                code: 404,
              }),
            },
    });
    const much = await failureOf(execCapture(kube, { namespace, pod, argv: ['yes'], maxOutputBytes: 4_096 }));
    expect(much.code).toBe('response_too_large');
    const missing = await failureOf(execCapture(kube, { namespace, pod, argv: ['nope'] }));
    expect(missing).toMatchObject({ code: 'kubernetes_failed' });
    expect(missing.saw).toContain('executable file not found');
    const absent = await failureOf(execCapture(kube, { namespace, pod: 'openbao-9', argv: ['true'] }));
    expect(absent).toMatchObject({ code: 'kubernetes_not_found', saw: 'pods "openbao-9" not found' });
  });

  it('is not waited for beyond its time, the caller, or the connection', async () => {
    let started = 0;
    const { kube, streams, server } = await cluster({
      run: () => {
        started += 1;
        return new Promise(() => undefined);
      },
    });
    const late = await failureOf(execCapture(kube, { namespace, pod, argv: ['sleep'], timeoutMs: 200 }));
    expect(late.code).toBe('timeout');
    const stop = new AbortController();
    const stopped = failureOf(execCapture(kube, { namespace, pod, argv: ['sleep'], signal: stop.signal }));
    await until(() => started === 2);
    stop.abort();
    expect((await stopped).code).toBe('canceled');
    const cut = failureOf(execCapture(kube, { namespace, pod, argv: ['sleep'] }));
    await until(() => started === 3);
    streams.cut();
    expect((await cut).code).toBe('unreachable');
    await server.stop();
    expect((await failureOf(execCapture(kube, { namespace, pod, argv: ['true'] }))).code).toBe('unreachable');
  });

  it('does not wait for a command that reads nothing of what it is given', async () => {
    const { kube, streams } = await cluster({ run: () => new Promise(() => undefined) });
    streams.stall();
    const stdin = Buffer.alloc(64 * 1024 * 1024);
    const late = await failureOf(
      execCapture(kube, { namespace, pod, argv: ['sleep'], stdin, timeoutMs: 500 }),
    );
    expect(late.code).toBe('timeout');
  });

  it('shows a client certificate, checks the name that the kubeconfig gives, and asks for credentials anew', async () => {
    const authority = await makeAuthority('cluster');
    const served = await authority.issue('kube', ['kube.internal']);
    const client = await authority.issue('admin');
    const streams = webSocketStreams({ run: async () => ({ stdout: 'in' }), portOf: () => undefined });
    const base64 = (pem: string) => Buffer.from(pem).toString('base64');
    const { kube } = await openStandIn(
      { upgrade: streams.upgrade, tls: { ...served, clientCa: authority.pem } },
      {
        cluster: { 'certificate-authority-data': base64(authority.pem), 'tls-server-name': 'kube.internal' },
        user: { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) },
      },
    );
    expect((await execCapture(kube, { namespace, pod, argv: ['true'] })).stdout).toBe('in');
    const { ca: _ca, ...trustless } = await kube.access.credentials();
    const stranger = { ...kube, access: { ...kube.access, credentials: async () => trustless } };
    const error = await failureOf(execCapture(stranger, { namespace, pod, argv: ['true'] }));
    expect(error.code).toBe('untrusted_certificate');
  });

  it('asks for credentials once more where the first are refused', async () => {
    const refreshed: boolean[] = [];
    const { kube } = await cluster({
      refuse: () =>
        refreshed.at(-1) ? undefined : { status: 401, body: '{"kind":"Status","reason":"Unauthorized"}' },
    });
    const access = {
      ...kube.access,
      credentials: async ({ refresh = false } = {}) => {
        refreshed.push(refresh);
        return {};
      },
    };
    await execCapture({ ...kube, access }, { namespace, pod, argv: ['true'] });
    expect(refreshed).toEqual([false, true]);
  });

  it('says so where the server has no such streams', async () => {
    const { kube } = await openStandIn();
    const error = await failureOf(execCapture(kube, { namespace, pod, argv: ['true'] }));
    expect(error).toBeInstanceOf(DrawbridgeError);
  });
});

describe('a forwarded port', () => {
  const forPods = async (...names: readonly string[]) => {
    const ports = new Map<string, number>();
    for (const name of names) {
      const { port, stop } = await echo(name);
      onTestFinished(stop);
      ports.set(name, port);
    }
    return { ports, portOf: (name: string, port: number) => (port === 8200 ? ports.get(name) : undefined) };
  };
  const slice = (...names: readonly string[]) => ({
    metadata: { name: 'openbao-abc', namespace, labels: { 'kubernetes.io/service-name': 'openbao' } },
    ports: [{ name: 'http', port: 8200 }],
    endpoints: names.map((name) => ({
      addresses: ['10.0.0.1'],
      conditions: { ready: true },
      targetRef: { kind: 'Pod', name },
    })),
  });
  const service = {
    metadata: { name: 'openbao', namespace },
    spec: { ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  };

  it('gives every connection streams of its own, and carries megabytes both ways', async () => {
    const { portOf } = await forPods(pod);
    const { kube, streams } = await cluster({ portOf });
    const forward = await portForward(kube, { namespace, pod, port: 8200 });
    const much = 'x'.repeat(3_000_000);
    const answers = await Promise.all([
      ask(forward.port, 'one'),
      ask(forward.port, much),
      ask(forward.port, 'three', { ends: true }),
    ]);
    expect(answers).toEqual([`${pod}:one`, `${pod}:${much}`, `${pod}:three`]);
    expect(streams.seen).toHaveLength(3);
    expect(forward.url).toBe(`http://127.0.0.1:${forward.port}`);
    await forward.close();
    await expect(ask(forward.port, 'late')).rejects.toThrow('ECONNREFUSED');
  });

  it('finds the pod and its port behind a service, and another one when that is gone', async () => {
    const { portOf } = await forPods('openbao-0', 'openbao-1');
    const gone = new Set<string>();
    const { kube, put, change } = await cluster({
      portOf,
      refuse: ({ pod: name }) =>
        gone.has(name)
          ? {
              status: 404,
              body: JSON.stringify({
                kind: 'Status',
                reason: 'NotFound',
                details: { name },
                message: 'gone',
                code: 404,
              }),
            }
          : undefined,
    });
    put(services, service);
    put(endpointSlices, slice('openbao-0', 'openbao-1'));
    const forward = await portForward(kube, { namespace, service: 'openbao', port: 80 });
    onTestFinished(() => forward.close());
    expect(await ask(forward.port, 'a')).toBe('openbao-0:a');
    gone.add('openbao-0');
    // The endpoints still name it.
    expect(await ask(forward.port, 'b')).toBe('openbao-1:b');
    change(endpointSlices, namespace, 'openbao-abc', { endpoints: slice('openbao-1').endpoints });
    expect(await ask(forward.port, 'c')).toBe('openbao-1:c');
  });

  it('tells of a connection that failed, and goes on with the next', async () => {
    const { ports, portOf } = await forPods(pod);
    const told: DrawbridgeError[] = [];
    const { kube } = await cluster({ portOf });
    const forward = await portForward(kube, {
      namespace,
      pod,
      port: 8200,
      onError: (error) => told.push(error),
    });
    onTestFinished(() => forward.close());
    const port = ports.get(pod);
    ports.delete(pod);
    expect(await ask(forward.port, 'a').catch(() => '')).toBe('');
    await until(() => told.length === 1);
    expect(told[0]).toMatchObject({ code: 'unreachable' });
    expect(told[0]?.saw).toContain('connection refused');
    ports.set(pod, port ?? 0);
    expect(await ask(forward.port, 'b')).toBe(`${pod}:b`);
  });

  it('says at the begin what is not there', async () => {
    const { kube, put } = await cluster();
    const options = { namespace, service: 'openbao', port: 80 };
    expect((await failureOf(portForward(kube, options))).code).toBe('kubernetes_not_found');
    put(services, service);
    expect((await failureOf(portForward(kube, options))).code).toBe('stack_not_ready');
    expect((await failureOf(portForward(kube, { ...options, port: 81 }))).message).toContain('no port 81');
  });

  it('ends with the signal, and its connections with it', async () => {
    const { portOf } = await forPods(pod);
    const { kube } = await cluster({ portOf });
    const stop = new AbortController();
    const forward = await portForward(kube, { namespace, pod, port: 8200, signal: stop.signal });
    const ended = new Promise<void>((resolve) => {
      const socket = connect(forward.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.once('data', () => stop.abort());
      socket.once('close', () => resolve());
    });
    await ended;
    await expect(ask(forward.port, 'late')).rejects.toThrow('ECONNREFUSED');
  });
});
