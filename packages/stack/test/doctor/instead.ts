import type { Fetch } from '@drawbridge/kit';
import type { DoctorPatient } from '@drawbridge/stack';
import type { World } from './world.ts';

const day = 86_400_000;
const hour = 3_600_000;

/** An issuer that is not of this machine. */
const elsewhere = 'https://sso.acme.example';

/** The real answers, but for those whose path ends like this. */
export function instead({ http }: World, path: string, answer: () => Response): { readonly fetch: Fetch } {
  return {
    fetch: async (input, init) =>
      new URL(input).pathname.endsWith(path) ? answer() : await http.fetch(input, init),
  };
}

/** Discovery of an issuer, as little as is looked at. */
export function document(issuer: string): Response {
  return Response.json({ issuer }, { headers: { date: new Date().toUTCString() } });
}

/** A certificate as a server might show it; what answers there calls itself so. */
export function showing(
  { http, issuer }: World,
  { refusal, days, names = 'DNS:sso.acme.example' }: Shown,
): Partial<DoctorPatient> {
  return {
    issuer: elsewhere,
    fetch: async (input, init) => {
      const url = String(input);
      if (url.endsWith('/openid-configuration')) return document(elsewhere);
      return await http.fetch(url.replace(elsewhere, issuer), init);
    },
    inspectPeer: async ({ serverName }) =>
      serverName === undefined
        ? {}
        : { certificate: { refusal, expiresAt: Date.now() + days * day + hour, names, signer: 'Acme CA' } },
    // Both know the emulated instance by its real name.
    application: undefined,
    openbao: undefined,
    mayProbe: false,
  };
}

interface Shown {
  readonly refusal?: string;
  /** How long it lasts yet. */
  readonly days: number;
  readonly names?: string;
}
