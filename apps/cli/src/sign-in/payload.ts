import type { Secret } from '@drawbridge/kit';

/** What a JWT of ours says, unverified: for showing and for choosing, never for letting anybody in. Nothing for an opaque token. */
export function payloadOf(token: Secret): Readonly<Record<string, unknown>> | undefined {
  const parts = token.expose().split('.');
  if (parts.length !== 3) return undefined;
  try {
    const payload: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString());
    return typeof payload === 'object' && payload !== null
      ? (payload as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
