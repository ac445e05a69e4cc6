import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An identity provider of which OpenBao needs no more than discovery and keys. */
export interface TestIssuer {
  readonly url: string;
  /** Signs claims as they are. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
  /** Signs with a new key from now on. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an issuer on loopback. */
export async function startIssuer(): Promise<TestIssuer> {
  let count = 0;
  let key: { readonly kid: string; readonly privateKey: CryptoKey; readonly jwk: object };
  const rotate = async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const kid = `key-${++count}`;
    key = { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
  };
  await rotate();
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const isKeys = request.url === '/keys';
    response.end(JSON.stringify(isKeys ? { keys: [key.jwk] } : { issuer: url, jwks_uri: `${url}/keys` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    rotate,
    sign: (claims) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(key.privateKey),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
