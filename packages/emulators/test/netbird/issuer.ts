import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Person, TokenIssuer } from '@drawbridge/emulators';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An identity provider of which NetBird needs no more than the keys. */
export interface TestIssuer extends TokenIssuer {
  /** An access token of somebody; `replace` takes the place of usual claims. */
  accessToken(person: Person, replace?: Readonly<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

/** Starts an issuer on loopback. */
export async function startIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256', use: 'sig' };
  const server = createServer((request, response) => {
    const isKeys = request.url === '/keys';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isKeys ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/keys` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const audience = 'netbird';
  return {
    issuer,
    audience,
    accessToken: ({ sub, email, name, claims = {} }, replace = {}) =>
      new SignJWT({
        iss: issuer,
        aud: [audience, 'project'],
        sub,
        iat: Math.floor(Date.now() / 1_000) - 1,
        exp: Math.floor(Date.now() / 1_000) + 3_600,
        ...(email === undefined ? {} : { email }),
        ...(name === undefined ? {} : { name }),
        ...claims,
        ...replace,
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'test' })
        .sign(privateKey),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
