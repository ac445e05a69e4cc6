import { createHttpClient, DrawbridgeError, type Secret } from '@drawbridge/kit';
import { Directory } from './client/index.ts';
import type { Context } from './context.ts';
import { devFolder, readDevFile } from './dev-file.ts';
import { connectionSettings, settingsOf } from './settings/index.ts';

/** Where a command connects to, and as whom. */
export interface Connection {
  readonly issuer: string;
  readonly address: string | undefined;
  readonly keyPath: string;
  readonly directory: string | undefined;
  readonly projectId: string | undefined;
}

/**
 * Finds out where to connect: flags, environment, drawbridge.yaml, else the `dev` that runs on this machine.
 *
 * @throws {DrawbridgeError} `not_signed_in` when nothing says where and as whom
 */
export async function findConnection(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<Connection> {
  const { values } = await settingsOf(connectionSettings, context, flags);
  const dev = await readDevFile(devFolder(context.env, context.flags.dataDir));
  const issuer = values.issuer ?? dev?.issuer;
  const keyPath = values.keyPath ?? dev?.serviceAccountKey;
  if (issuer === undefined || keyPath === undefined) {
    throw new DrawbridgeError('not_signed_in', {
      message:
        issuer === undefined
          ? 'No Zitadel is set and no drawbridge dev was found.'
          : 'No service-account key is set.',
      fix: 'Start drawbridge dev, or set ZITADEL_ISSUER and ZITADEL_KEY_PATH.',
    });
  }
  // What dev wrote belongs together: its directory is not offered to another instance's tokens.
  const own = issuer === dev?.issuer ? dev : undefined;
  return {
    issuer,
    keyPath,
    address: values.address,
    directory: values.directory ?? own?.directory,
    projectId: values.projectId ?? own?.projectId,
  };
}

/** Calls the directory with a token of the connection's service account. */
export async function withDirectory<T>(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
  work: (directory: Directory) => Promise<T>,
): Promise<T> {
  const connection = await findConnection(context, flags);
  if (connection.directory === undefined) {
    throw new DrawbridgeError('usage', {
      message: 'No directory is set.',
      fix: 'Set --directory or DRAWBRIDGE_DIRECTORY to its URL.',
    });
  }
  const userAgent = 'drawbridge-cli';
  const http = createHttpClient({ timeoutMs: callMs, userAgent });
  const patient = createHttpClient({ timeoutMs: streamMs, maxResponseBytes: streamBytes, userAgent });
  let token: Promise<Secret> | undefined;
  try {
    return await work(
      new Directory({
        fetch: http.fetch,
        patientFetch: patient.fetch,
        url: connection.directory,
        token: () => (token ??= mintToken(connection, context)),
      }),
    );
  } finally {
    await Promise.all([http.close(), patient.close()]);
  }
}

/** The directory itself waits up to 30 s where it is asked to. */
const callMs = 40_000;
const streamMs = 10 * 60_000;
const streamBytes = 4 * 1024 ** 3;

/** One access token of the connection's service account, for Zitadel's API and for the directory's. */
export async function mintToken(
  connection: Connection,
  context: Context,
  audiences: readonly string[] = [],
): Promise<Secret> {
  const { mint } = await import('./token.ts');
  return await mint(connection, context, audiences);
}
