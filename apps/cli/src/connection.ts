import { createHttpClient, DrawbridgeError, type Secret } from '@drawbridge/kit';
import { Directory } from './client/index.ts';
import type { Context } from './context.ts';
import { devFolder, readDevFile } from './dev-file.ts';
import type { SignInPlace } from './places/index.ts';
import { connectionSettings, settingsOf } from './settings/index.ts';
import type { MintOptions } from './token.ts';

/** Where a command connects to as a service account. */
export interface Connection {
  readonly issuer: string;
  readonly address: string | undefined;
  readonly keyPath: string;
  readonly directory: string | undefined;
  readonly projectId: string | undefined;
}

/** Where a command connects to as the person who is signed in here. */
export interface PersonConnection extends Pick<Connection, 'issuer' | 'directory'> {
  readonly person: SignInPlace;
}

type Flags = Readonly<Record<string, unknown>>;

/**
 * Finds out where to connect, and as whom: with the key that flags, environment or drawbridge.yaml name; else as who is signed in; else
 * with the key of the `dev` that runs on this machine.
 *
 * @throws {DrawbridgeError} `not_signed_in` when nothing says where and as whom
 */
export async function findConnection(context: Context, flags: Flags): Promise<Connection | PersonConnection> {
  const { values } = await settingsOf(connectionSettings, context, flags);
  if (values.keyPath === undefined) {
    const { findSignedIn } = await import('./sign-in/index.ts');
    const person = await findSignedIn(context, flags);
    if (person) {
      const dev = await readDevFile(devFolder(context.env, context.flags.dataDir));
      const own = person.issuer === dev?.issuer ? dev.directory : undefined;
      return { person, issuer: person.issuer, directory: values.directory ?? own };
    }
  }
  return await findKey(context, flags);
}

/**
 * Finds out where to connect to as a service account, whoever is signed in.
 *
 * @throws {DrawbridgeError} `not_signed_in` when nothing says where and with which key
 */
export async function findKey(context: Context, flags: Flags): Promise<Connection> {
  const { values } = await settingsOf(connectionSettings, context, flags);
  const dev = await readDevFile(devFolder(context.env, context.flags.dataDir));
  const issuer = values.issuer ?? dev?.issuer;
  const keyPath = values.keyPath ?? dev?.serviceAccountKey;
  if (issuer === undefined || keyPath === undefined) {
    throw new DrawbridgeError('not_signed_in', {
      message:
        issuer === undefined
          ? 'No Zitadel is set and no drawbridge dev was found.'
          : 'Nobody is signed in, and no service-account key is set.',
      fix:
        issuer === undefined
          ? 'Start drawbridge dev, or set ZITADEL_ISSUER and ZITADEL_KEY_PATH.'
          : 'Run drawbridge login, or set ZITADEL_KEY_PATH.',
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

/** Calls the directory as whom the connection says. */
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

/** One access token, for Zitadel's API and for the directory's. */
export async function mintToken(
  connection: Connection | PersonConnection,
  context: Context,
  audiences: readonly string[] = [],
  options: MintOptions = {},
): Promise<Secret> {
  if ('person' in connection) {
    const { personToken } = await import('./sign-in/index.ts');
    return await personToken(context, connection.person, audiences);
  }
  const { mint } = await import('./token.ts');
  return await mint(connection, context, audiences, options);
}
