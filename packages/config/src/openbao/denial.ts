import { DrawbridgeError } from '@drawbridge/kit/core';
import { nameServer } from './refusal.ts';
import type { OpenbaoSession } from './types.ts';

/** Somebody else was faster. */
export function conflict(where: string, cause?: DrawbridgeError): DrawbridgeError {
  return new DrawbridgeError('config_conflict', { where, ...(cause ? { cause } : {}) });
}

/** Says of a refusal which value it was about. */
export function describe(
  error: DrawbridgeError,
  where: string,
  verb: string,
  server: OpenbaoSession | undefined,
): DrawbridgeError {
  if (error.code !== 'openbao_denied' && error.code !== 'openbao_missing_mount')
    return server ? nameServer(error, server.url) : error;
  const isDenied = error.code === 'openbao_denied';
  return new DrawbridgeError(error.code, {
    message: isDenied
      ? `${where} may not be ${verb} with your rights in OpenBao.`
      : `OpenBao has no KV engine for ${where}.`,
    where,
    ...(error.saw === undefined ? {} : { saw: error.saw }),
    fix: isDenied
      ? fixOfDenial(server?.kind)
      : 'Check mount and namespace, or have it set up: drawbridge setup openbao',
    cause: error,
  });
}

function fixOfDenial(kind: OpenbaoSession['kind'] | undefined): string {
  if (kind === 'token')
    return 'Look the token up with bao token lookup: it is not valid any more, or its policies lack this path.';
  if (kind === 'person')
    return 'Ask for the role in Zitadel. Rights given since the last sign-in count from the next: drawbridge logout, then drawbridge login';
  return 'Ask who runs OpenBao for a policy with this path.';
}
