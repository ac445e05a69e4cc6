import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DrawbridgeError, Secret } from '@drawbridge/kit';
import { createVerifier, type TokenVerifier } from '@drawbridge/zitadel';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';

const issuer = 'https://sso.acme.example';
const audience = '322011';
const introspectionMs = 20;
const seconds = 4;
const realPerSecond = 200;
const badPerSecond = 1_000;

interface Load {
  /** Latencies of accepted tokens in milliseconds. */
  readonly real: readonly number[];
  readonly asked: number;
  readonly refusedUnasked: number;
}

/** Tokens in use, alone and beside a thousand distinct bad ones a second from another source. */
export async function* measureGarbage(): AsyncGenerator<Measurement> {
  const alone = await run(0);
  const beside = await run(badPerSecond);
  yield {
    name: `p99 of ${realPerSecond}/s tokens in use, beside ${round(badPerSecond)}/s bad ones`,
    value: `${round(p99(beside.real), 2)} ms (alone ${round(p99(alone.real), 2)} ms)`,
    budget: { text: '≤ 5 ms', kept: p99(beside.real) <= 5 },
  };
  yield {
    name: 'questions to Zitadel that the bad ones caused',
    value: `${round((beside.asked - alone.asked) / seconds)}/s`,
    budget: { text: '≤ 5 % of them', kept: (beside.asked - alone.asked) / seconds <= badPerSecond / 20 },
  };
  yield { name: 'bad ones put off without a question', value: `${round(beside.refusedUnasked / seconds)}/s` };
}

async function run(bad: number): Promise<Load> {
  let asked = 0;
  const verifier = createVerifier({
    issuer,
    audience,
    client: { type: 'basic', clientId: 'api', clientSecret: new Secret('secret') },
    http: {
      fetch: async (_input, init) => {
        asked += 1;
        await sleep(introspectionMs);
        const form = new URLSearchParams(typeof init?.body === 'string' ? init.body : '');
        const token = form.get('token') ?? '';
        return Response.json(token.startsWith('real') ? activeAnswer(token) : { active: false });
      },
    },
  });
  const tokens = Array.from({ length: 100 }, (_, index) => `real-${index}`);
  for (const token of tokens) await verifier.verify(token, { source: `warm-${token}` });
  asked = 0;

  const real: number[] = [];
  let refusedUnasked = 0;
  const garbage = async () => {
    try {
      await verifier.verify(randomBytes(24).toString('base64url'), { source: 'stranger' });
    } catch (error) {
      if (!(error instanceof DrawbridgeError)) throw error;
      refusedUnasked += 1;
    }
  };
  await paced(realPerSecond, () => measureOne(verifier, tokens, real), bad, garbage);
  return { real, asked, refusedUnasked };
}

function activeAnswer(token: string) {
  const now = Math.floor(Date.now() / 1_000);
  return {
    active: true,
    iss: issuer,
    sub: token,
    aud: [audience],
    exp: now + 3_600,
    iat: now,
    token_type: 'Bearer',
  };
}

async function measureOne(verifier: TokenVerifier, tokens: readonly string[], into: number[]): Promise<void> {
  const began = performance.now();
  await verifier.verify(tokens[into.length % tokens.length] ?? '', { source: 'api' });
  into.push(performance.now() - began);
}

/** Starts both kinds at their rates for the time of the measurement, and waits for all of them. */
async function paced(
  rate: number,
  one: () => Promise<void>,
  otherRate: number,
  other: () => Promise<void>,
): Promise<void> {
  const work: Promise<void>[] = [];
  const began = performance.now();
  let started = 0;
  let otherStarted = 0;
  for (;;) {
    const elapsed = (performance.now() - began) / 1_000;
    if (elapsed >= seconds) break;
    while (started < elapsed * rate) {
      started += 1;
      work.push(one());
    }
    while (otherStarted < elapsed * otherRate) {
      otherStarted += 1;
      work.push(other());
    }
    await sleep(1);
  }
  await Promise.all(work);
}

function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.POSITIVE_INFINITY;
}
