import { createHash, randomBytes } from 'node:crypto';

/** A cookie of ours: what it is called and how it is set. */
export interface Cookies {
  readonly session: string;
  /** Binds a sign-in under way to the browser that began it. */
  readonly signIn: string;
  /** A `Set-Cookie` value; `maxAgeSeconds` 0 removes it. */
  set(name: string, value: string, maxAgeSeconds: number): string;
}

/**
 * The cookies at a public URL. Under https their names start with `__Host-`, by which the browser itself refuses one
 * that another host, another path or plain http has set.
 *
 * @see RFC 6265bis section 4.1.3
 */
export function cookiesFor(publicUrl: URL): Cookies {
  const secure = publicUrl.protocol === 'https:';
  const prefix = secure ? '__Host-' : '';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    session: `${prefix}drawbridge`,
    signIn: `${prefix}drawbridge-sign-in`,
    set: (name, value, maxAgeSeconds) => `${name}=${value}; Max-Age=${maxAgeSeconds}; ${attributes}`,
  };
}

const valueForm = /^[\w-]{43}$/;

/** The value of one of our cookies. One that is there twice with two values is from somebody else: neither counts. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = new Set<string>();
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at >= 0 && pair.slice(0, at).trim() === name) values.add(pair.slice(at + 1).trim());
  }
  const [value] = values;
  return values.size === 1 && value !== undefined && valueForm.test(value) ? value : undefined;
}

/** 256 bits of chance, as cookies and states carry them. */
export function newTicket(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database keeps of a ticket: a copy of it opens nothing. */
export function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
