import { DrawbridgeError, Secret } from '@drawbridge/kit';
import { KubernetesError } from '@drawbridge/kubernetes';
import type { Kube } from '../kube.ts';
import { type Channel, openChannel } from './channel.ts';

/** One command in a container. */
export interface ExecOptions {
  readonly namespace: string;
  readonly pod: string;
  /** Needed where the pod has several. */
  readonly container?: string;
  /** The program and its arguments, as they are: no shell reads them. They stand in URLs and audit logs, so that no secret may be among them. */
  readonly argv: readonly string[];
  /** What the command reads. Secrets go here. Default nothing. */
  readonly stdin?: string | Buffer | Secret<string>;
  /** In milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** Of either output, in bytes. Default 1 MiB. */
  readonly maxOutputBytes?: number;
  readonly signal?: AbortSignal;
}

/** How a command ended. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const streams = { stdin: 0, stdout: 1, stderr: 2, status: 3 } as const;
const chunkBytes = 16 * 1024;
/** The server ends the connection by itself once it has told how the command ended. */
const goodbyeMs = 1_000;

/**
 * Runs a command in a container and gives what it wrote. A command that ends with another code than 0 is a result, not an error.
 *
 * It is never tried again. Whoever stops waiting does not stop the command: it goes on in the container.
 *
 * @throws {DrawbridgeError} `kubernetes_not_found`, `kubernetes_forbidden`, `kubernetes_invalid` where the container is not named,
 *   `kubernetes_failed` where the program cannot be started, `unreachable` where the connection broke before the command ended, `timeout`,
 *   `canceled`, `response_too_large`
 * @example
 * ```ts
 * import { execCapture, openKube } from '@drawbridge/stack';
 *
 * const kube = await openKube();
 * const { exitCode, stdout } = await execCapture(kube, {
 *   namespace: 'openbao',
 *   pod: 'openbao-0',
 *   argv: ['bao', 'status', '-format=json'],
 * });
 * console.log(exitCode === 2 ? 'sealed' : stdout);
 * await kube.close();
 * ```
 */
export async function execCapture(kube: Kube, options: ExecOptions): Promise<ExecResult> {
  const {
    namespace,
    pod,
    container,
    argv,
    stdin,
    timeoutMs = 60_000,
    maxOutputBytes = 1024 * 1024,
  } = options;
  if (argv.length === 0)
    throw new DrawbridgeError('invalid_request', { message: 'There is no command to run.' });
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec`;
  const query = new URLSearchParams({
    stdin: String(stdin !== undefined),
    stdout: 'true',
    stderr: 'true',
    ...(container === undefined ? {} : { container }),
  });
  for (const argument of argv) query.append('command', argument);
  const ended = new AbortController();
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([limit, ended.signal, ...(options.signal ? [options.signal] : [])]);
  const output = { [streams.stdout]: collect(maxOutputBytes), [streams.stderr]: collect(maxOutputBytes) };
  const status: Buffer[] = [];
  let channel: Channel | undefined;
  let goodbye: NodeJS.Timeout | undefined;
  try {
    channel = await openChannel(kube, {
      path,
      query,
      protocol: 'v5.channel.k8s.io',
      signal,
      onMessage(stream, data) {
        if (stream === streams.status) {
          status.push(data);
          goodbye ??= setTimeout(() => channel?.close(), goodbyeMs);
        } else if (stream === streams.stdout || stream === streams.stderr) {
          if (!output[stream].take(data))
            ended.abort(
              new DrawbridgeError('response_too_large', {
                message: `The command wrote more than ${maxOutputBytes} bytes.`,
                where: path,
              }),
            );
        }
      },
    });
    // A command may end without reading all of it: that is its business, and the status tells.
    if (stdin !== undefined) await feed(channel, bytesOf(stdin)).catch(() => undefined);
    const broken = await channel.over;
    if (ended.signal.aborted) throw ended.signal.reason;
    if (status.length === 0)
      throw (
        broken ??
        new DrawbridgeError('unreachable', {
          message: 'The connection ended before the command did; whether it goes on is not known.',
          where: path,
        })
      );
    return {
      exitCode: exitCodeOf(Buffer.concat(status).toString('utf8'), path),
      stdout: output[streams.stdout].text(),
      stderr: output[streams.stderr].text(),
    };
  } finally {
    clearTimeout(goodbye);
    channel?.close();
  }
}

async function feed(channel: Channel, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; at += chunkBytes)
    await channel.send(streams.stdin, bytes.subarray(at, at + chunkBytes));
  await channel.end(streams.stdin);
}

function bytesOf(stdin: string | Buffer | Secret<string>): Buffer {
  if (Buffer.isBuffer(stdin)) return stdin;
  return Buffer.from(stdin instanceof Secret ? stdin.expose() : stdin);
}

/** Takes pieces up to a size. */
function collect(most: number) {
  const pieces: Buffer[] = [];
  let size = 0;
  return {
    take(piece: Buffer): boolean {
      size += piece.length;
      if (size > most) return false;
      pieces.push(piece);
      return true;
    },
    text: () => Buffer.concat(pieces).toString('utf8'),
  };
}

/** A Status without failure is 0; one of a command that ended otherwise carries the code among its causes. */
function exitCodeOf(text: string, where: string): number {
  let status: unknown;
  try {
    status = JSON.parse(text);
  } catch {
    status = undefined;
  }
  if (typeof status !== 'object' || status === null)
    throw new DrawbridgeError('invalid_response', {
      message: 'How the command ended cannot be read.',
      where,
    });
  const { status: outcome, reason, message, details } = status as Readonly<Record<string, unknown>>;
  if (outcome === 'Success') return 0;
  const causes =
    typeof details === 'object' && details !== null && 'causes' in details && Array.isArray(details.causes)
      ? (details.causes as readonly { readonly reason?: unknown; readonly message?: unknown }[])
      : [];
  const code = Number(causes.find((cause) => cause.reason === 'ExitCode')?.message);
  if (reason === 'NonZeroExitCode' && Number.isInteger(code)) return code;
  throw new KubernetesError('kubernetes_failed', {
    message: 'The command could not be run in the container.',
    where,
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof message === 'string' ? { saw: message } : {}),
  });
}
