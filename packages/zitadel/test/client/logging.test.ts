import { createLogger, ManualClock } from '@drawbridge/kit';
import { afterEach, describe, expect, it } from 'vitest';
import { createZitadel, type Zitadel } from '../../src/index.ts';
import { drive, fakeFetch, tokenAnswer } from '../support/fetch.ts';
import { serviceAccount } from '../support/keys.ts';

const clients: Zitadel[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

describe('the log', () => {
  it('S12 S32 S59 holds neither token, assertion nor key, whatever goes wrong', async () => {
    const lines: string[] = [];
    const logger = createLogger({
      level: 'debug',
      destination: { write: (line: string) => void lines.push(line) },
    });
    const clock = new ManualClock();
    const answers = [
      () => ({ json: { clientSecret: 'the-client-secret' } }),
      () => ({ status: 503 }),
      () => new Response('the-access-token is not JSON'),
      () => ({ status: 403, json: { code: 'permission_denied', message: 'no' } }),
    ];
    let step = 0;
    const fetch = fakeFetch(({ path }) =>
      path === '/oauth/v2/token' ? tokenAnswer('the-access-token') : (answers[step]?.() ?? { status: 500 }),
    );
    const zitadel = createZitadel({
      issuer: 'https://sso.acme.example',
      credentials: serviceAccount(),
      http: { fetch },
      clock,
      random: () => 0,
      logger,
    });
    clients.push(zitadel);
    for (step = 0; step < answers.length + 1; step++) {
      let ended = false;
      const work = zitadel.users
        .addSecret('7')
        .catch((err: unknown) => logger.error({ err }, 'failed'))
        .finally(() => {
          ended = true;
        });
      await drive(clock, () => ended, 1_000);
      await work;
    }
    const told = lines.join('');
    const assertion = new URLSearchParams(fetch.sent[0]?.body).get('assertion') ?? 'none';
    expect(lines.length).toBeGreaterThan(5);
    for (const secret of ['the-access-token', 'the-client-secret', assertion, 'PRIVATE KEY']) {
      expect(told).not.toContain(secret);
    }
  });
});
