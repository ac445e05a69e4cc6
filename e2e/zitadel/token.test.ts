import { createHttpClient } from '@drawbridge/kit';
import { createZitadel, parseServiceAccount } from '@drawbridge/zitadel';
import { afterEach, describe, expect, it } from 'vitest';
import { type Started, start } from './support/start.ts';

let started: Started;
afterEach(() => started.stop());

describe('the token of a service account', () => {
  it('is fetched once for many calls at once', async () => {
    started = await start();
    let tokenCalls = 0;
    const http = createHttpClient({
      onCall: ({ url }) => {
        if (url.pathname === '/oauth/v2/token') tokenCalls += 1;
      },
    });
    const { users } = started.client({ http });
    const self = started.emulator.bootstrap.serviceAccountKey.userId;
    await Promise.all(Array.from({ length: 100 }, () => users.get(self)));
    expect(tokenCalls).toBe(1);
    await http.close();
  });

  it('S10 a clock 20 s ahead is forgiven, five minutes are told', async () => {
    started = await start();
    const { serviceAccountKey } = started.emulator.bootstrap;
    started.emulator.controls.clockOffsetMs = -20_000;
    await started.client().users.get(serviceAccountKey.userId);
    started.emulator.controls.clockOffsetMs = -300_000;
    const ahead = started.client({ random: () => 0 });
    await expect(ahead.token.get()).rejects.toMatchObject({ code: 'credentials_refused' });
  });

  it('a key that Zitadel does not know is refused', async () => {
    started = await start();
    const key = { ...started.emulator.bootstrap.serviceAccountKey, keyId: '999' };
    const stranger = started.client({
      credentials: parseServiceAccount(JSON.stringify(key)),
      random: () => 0,
    });
    await expect(stranger.token.get()).rejects.toMatchObject({ code: 'credentials_refused' });
  });

  it('S11 the issuer is not the address: the instance answers to its own name only', async () => {
    started = await start({ domain: 'sso.acme.localhost' });
    const { issuer, bootstrap } = started.emulator;
    const { port } = new URL(issuer);
    const credentials = parseServiceAccount(JSON.stringify(bootstrap.serviceAccountKey));
    const inside = started.client({ address: `127.0.0.1:${port}` });
    expect((await inside.users.get(bootstrap.serviceAccountKey.userId)).userId).toBe(
      bootstrap.serviceAccountKey.userId,
    );
    const wrong = createZitadel({ issuer: `http://127.0.0.1:${port}`, credentials, random: () => 0 });
    await expect(wrong.users.find('7')).rejects.toMatchObject({ code: 'instance_not_found' });
    await wrong.close();
  });
});
