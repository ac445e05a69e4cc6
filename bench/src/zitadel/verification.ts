import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { createVerifier, parseApplicationKey, type RevocationFeed } from '@drawbridge/zitadel';
import { Bench } from 'tinybench';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';

const issuer = 'https://sso.acme.example';
const audience = '322011';
/** A feed that is always fresh, so that nothing but our own work is measured. */
const revocations: RevocationFeed = { ageMs: () => 0, denied: () => false };
const warmBudget = 5_000;

/** Our checks against one bare signature check of node:crypto, in the same run. */
export async function* measureVerification(): AsyncGenerator<Measurement> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' });
  const client = parseApplicationKey(
    JSON.stringify({ type: 'application', keyId: 'k', clientId: audience, key }),
  );
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }] };
  const http = { fetch: async () => Response.json(jwks) };
  const now = Math.floor(Date.now() / 1_000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const make = (subject: number) => {
    const header = part({ alg: 'RS256', kid: 'k', typ: 'JWT' });
    const times = { iat: now, nbf: now, exp: now + 3_600 };
    const claims = {
      iss: issuer,
      sub: String(subject),
      aud: [audience],
      jti: `V2_1-at_${subject}`,
      ...times,
    };
    const body = `${header}.${part(claims)}`;
    return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`;
  };
  const tokens = Array.from({ length: 64 }, (_, index) => make(index));
  const warm = createVerifier({ issuer, audience, client, http, revocations });
  const cold = createVerifier({ issuer, audience, client, http, revocations, cacheSize: 1 });

  let at = 0;
  const next = () => tokens[at++ % tokens.length] ?? '';
  const bench = new Bench({ time: 1_000, warmupTime: 200 });
  bench.add('bare', () => {
    const token = next();
    const cut = token.lastIndexOf('.');
    verify(
      'sha256',
      Buffer.from(token.slice(0, cut)),
      publicKey,
      Buffer.from(token.slice(cut + 1), 'base64url'),
    );
  });
  bench.add('cold', async () => {
    await cold.verify(next());
  });
  bench.add('warm', async () => {
    await warm.verify(next());
  });
  await bench.run();

  const rate = (name: string) => {
    const result = bench.getTask(name)?.result;
    return result && 'throughput' in result ? result.throughput.mean : 0;
  };
  const worst = bench.getTask('warm')?.result;
  const p99 = worst && 'latency' in worst ? worst.latency.p99 : Number.POSITIVE_INFINITY;
  const bare = rate('bare');
  yield { name: 'bare node:crypto RS256 verify', value: `${round(bare)}/s` };
  yield { name: 'verifier, token seen for the first time', value: `${round(rate('cold') / bare, 2)} × bare` };
  yield { name: 'verifier, token known', value: `${round(rate('warm') / bare, 2)} × bare` };
  yield {
    name: 'the same as a rate of one core',
    value: `${round(rate('warm'))}/s`,
    budget: { text: `≥ ${round(warmBudget)}/s`, kept: rate('warm') >= warmBudget },
  };
  yield {
    name: 'the same, p99',
    value: `${round(p99, 3)} ms`,
    budget: { text: '≤ 5 ms', kept: p99 <= 5 },
  };
}
