import { DrawbridgeError, type Secret } from '@drawbridge/kit';
import { findConnection, mintToken } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { requirePlace } from '../../places/index.ts';
import { connectionSettings, settingsOf } from '../../settings/index.ts';
import { askPerson, openSession, payloadOf, requestOf } from '../../sign-in/index.ts';

interface ExecInfo {
  readonly apiVersion: string;
  /** Whether kubectl lets us read from the terminal. */
  readonly interactive: boolean;
}

const apiVersion = 'client.authentication.k8s.io/v1';

/**
 * `drawbridge kube credential`: an access token for kubectl, as its exec plugin. However many kubectls wait, one signs in; where there is
 * no terminal, none does. The id_token is never given: a server that takes those would take anybody's of the same application.
 *
 * @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
export async function printCredential(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { audience = [] } = flags as { audience?: readonly string[] };
  const info = execInfo(context.env);
  const { values } = await settingsOf(connectionSettings, context, flags);
  const token =
    values.keyPath === undefined
      ? await ofPerson(context, flags, info, audience)
      : await mintToken(await findConnection(context, flags), context, audience, { isForZitadel: false });
  const expiry = payloadOf(token)?.exp;
  if (typeof expiry !== 'number') {
    throw new DrawbridgeError('invalid_response', {
      message: 'The access token is opaque, and Kubernetes reads only JWTs.',
      fix: 'In Zitadel, set the access token type to JWT: of the application, or of the service account',
    });
  }
  // kubectl asks anew at this moment: a minute early, so that no call goes out with a token that ends on its way.
  const expirationTimestamp = new Date((expiry - 60) * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
  context.terminal.document({
    apiVersion: info.apiVersion,
    kind: 'ExecCredential',
    status: { token: token.expose(), expirationTimestamp },
  });
}

async function ofPerson(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
  { interactive }: ExecInfo,
  audiences: readonly string[],
): Promise<Secret> {
  const place = await requirePlace(context, flags);
  const session = await openSession(context, place, audiences);
  try {
    const { accessToken } = await session.user.get({
      ...requestOf(context),
      interactive: askPerson(context),
      terminal: interactive && context.terminal.hasPerson,
      minValidityMs: 120_000,
    });
    return accessToken;
  } finally {
    await session.close();
  }
}

/** What kubectl says of itself. Where it says nothing, somebody typed the command. @throws {DrawbridgeError} `usage` */
function execInfo({ KUBERNETES_EXEC_INFO: text }: NodeJS.ProcessEnv): ExecInfo {
  if (!text) return { apiVersion, interactive: true };
  let info: { readonly apiVersion?: unknown; readonly spec?: { readonly interactive?: unknown } };
  try {
    info = JSON.parse(text) as typeof info;
  } catch (cause) {
    throw new DrawbridgeError('usage', { message: 'KUBERNETES_EXEC_INFO is not JSON.', cause });
  }
  if (info.apiVersion !== apiVersion) {
    throw new DrawbridgeError('usage', {
      message: `kubectl wants ${String(info.apiVersion)}; this gives ${apiVersion}.`,
      fix: 'Write the entry anew: drawbridge kube config',
    });
  }
  return { apiVersion, interactive: info.spec?.interactive === true };
}
