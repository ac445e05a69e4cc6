import type { TokenClaims, TokenVerifier } from '@drawbridge/zitadel';

/** Claims of somebody's token for the audience `322011`. */
export function claimsOf(changes: Partial<TokenClaims> = {}): TokenClaims {
  return {
    subject: '300000000000000001',
    issuer: 'https://sso.acme.example',
    audience: ['322011'],
    expiresAt: Date.UTC(2100, 0, 1),
    issuedAt: 0,
    emailVerified: false,
    scopes: [],
    methods: [],
    roles: {},
    raw: {},
    ...changes,
  };
}

/** A verifier that accepts whatever it is given, as these claims. */
export function accepting(claims: TokenClaims): TokenVerifier {
  return {
    verify: async () => ({
      active: true,
      subject: claims.subject,
      audiences: claims.audience,
      claims,
    }),
  };
}
