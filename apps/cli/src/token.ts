import type { Secret } from '@drawbridge/kit';
import { createHttpClient } from '@drawbridge/kit';
import { createTokenSource, loadServiceAccount } from '@drawbridge/zitadel';
import type { Connection } from './connection.ts';
import type { Context } from './context.ts';

/** What a token is for. */
export interface MintOptions {
  /** Whether Zitadel's own API takes it. Default true. */
  readonly isForZitadel?: boolean;
}

/** Earns one access token with the connection's key. */
export async function mint(
  connection: Connection,
  context: Context,
  audiences: readonly string[],
  { isForZitadel = true }: MintOptions = {},
): Promise<Secret> {
  const { issuer, address, keyPath, projectId } = connection;
  const http = createHttpClient({
    userAgent: 'drawbridge-cli',
    ...(address === undefined ? {} : { addresses: { [issuer]: address } }),
  });
  const projects = [
    ...(isForZitadel ? ['zitadel'] : []),
    ...(projectId === undefined ? [] : [projectId]),
    ...audiences,
  ];
  const tokens = createTokenSource({
    issuer,
    credentials: await loadServiceAccount(keyPath, { logger: context.logger('warn') }),
    fetch: http.fetch,
    scope: ['openid', ...projects.map((id) => `urn:zitadel:iam:org:project:id:${id}:aud`)].join(' '),
  });
  try {
    return await tokens.get({ signal: context.signal });
  } finally {
    tokens.close();
    await http.close();
  }
}
