import { readFile } from 'node:fs/promises';
import { createZitadelEmulator, type ServiceAccountKey, zitadelContract } from '@drawbridge/emulators';
import { createHttpClient, type HttpClient } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, it } from 'vitest';

let http: HttpClient;

beforeAll(() => {
  http = createHttpClient();
});

afterAll(() => http.close());

for (const { lagMs, allowsLoopback } of [
  { lagMs: 0, allowsLoopback: true },
  { lagMs: 150, allowsLoopback: false },
]) {
  const calls = allowsLoopback ? 'calling loopback' : 'as it comes';
  describe(`Zitadel's contract on the emulator, lists ${lagMs} ms behind, ${calls}`, () => {
    const zitadel = createZitadelEmulator(allowsLoopback ? { outboundDenyList: [] } : {});

    beforeAll(async () => {
      await zitadel.start();
      zitadel.controls.lagMs = lagMs;
    });
    afterAll(() => zitadel.stop());

    for (const { name, quirk, needs, unless, run } of zitadelContract) {
      it.skipIf((needs && !allowsLoopback) || (unless && allowsLoopback))(titleOf(name, quirk), () =>
        run({
          issuer: zitadel.issuer,
          serviceAccountKey: zitadel.bootstrap.serviceAccountKey,
          fetch: http.fetch,
          allowsLoopback,
        }),
      );
    }
  });
}

const issuer = process.env.E2E_ZITADEL_ISSUER;
const keyFile = process.env.E2E_ZITADEL_KEY;
const allowsLoopback = process.env.E2E_ZITADEL_LOOPBACK !== undefined;

describe.skipIf(!issuer || !keyFile)(
  "Zitadel's contract on a real instance (E2E_ZITADEL_ISSUER, E2E_ZITADEL_KEY)",
  () => {
    let serviceAccountKey: ServiceAccountKey;

    beforeAll(async () => {
      serviceAccountKey = JSON.parse(await readFile(keyFile ?? '', 'utf8')) as ServiceAccountKey;
    });

    for (const { name, quirk, needs, unless, run } of zitadelContract) {
      it.skipIf((needs && !allowsLoopback) || (unless && allowsLoopback))(titleOf(name, quirk), () =>
        run({ issuer: issuer ?? '', serviceAccountKey, fetch: http.fetch, allowsLoopback }),
      );
    }
  },
);

function titleOf(name: string, quirk: number | undefined): string {
  return quirk === undefined ? name : `quirk ${quirk}: ${name}`;
}
