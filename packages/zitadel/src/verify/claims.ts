import type { RoleClaims, TokenClaims } from './verification.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Reads the claims of an access token or an introspection answer; undefined unless those we cannot do without are there. */
export function readClaims(raw: Raw, issuer: string): TokenClaims | undefined {
  const subject = text(raw.sub);
  const expiresAt = time(raw.exp);
  if (subject === undefined || expiresAt === undefined) return undefined;
  const optional = {
    clientId: text(raw.client_id),
    tokenId: text(raw.jti),
    session: sessionOf(text(raw.jti)),
    username: text(raw.username) ?? text(raw.preferred_username),
    name: text(raw.name),
    email: text(raw.email),
    organizationId: text(raw['urn:zitadel:iam:user:resourceowner:id']),
  };
  return {
    subject,
    issuer: text(raw.iss) ?? issuer,
    audience: audienceOf(raw.aud),
    expiresAt,
    issuedAt: time(raw.iat) ?? 0,
    emailVerified: raw.email_verified === true,
    scopes: (text(raw.scope) ?? '').split(' ').filter((scope) => scope !== ''),
    methods: audienceOf(raw.amr),
    roles: readRoles(raw['urn:zitadel:iam:org:project:roles']),
    raw,
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as {
      [K in keyof typeof optional]?: string;
    }),
  };
}

/** `aud` is one string or several (RFC 7519 section 4.1.3). */
export function audienceOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

/** A NumericDate in milliseconds. */
export function time(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value * 1_000 : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Zitadel's token id is `V2_<session>-at_<token>`. */
function sessionOf(tokenId: string | undefined): string | undefined {
  const at = tokenId?.indexOf('-at_') ?? -1;
  return at > 0 ? tokenId?.slice(0, at) : undefined;
}

function readRoles(value: unknown): RoleClaims {
  const roles: Record<string, Record<string, string>> = {};
  if (!isRecord(value)) return roles;
  for (const [role, organizations] of Object.entries(value)) {
    if (!isRecord(organizations)) continue;
    const named = Object.entries(organizations).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    roles[role] = Object.fromEntries(named);
  }
  return roles;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
