import { readFile } from 'node:fs/promises';
import { createZitadelEmulator, type ServiceAccountKey, zitadelContract } from '@drawbridge/emulators';
import { createHttpClient, type HttpClient } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, it } from 'vitest';

let http: HttpClient;

beforeAll(() => {
  http = createHttpClient();
});

afterAll(() => http.close());

for (const lagMs of [0, 150]) {
  describe(`Zitadel's contract on the emulator, lists ${lagMs} ms behind`, () => {
    const zitadel = createZitadelEmulator();

    beforeAll(async () => {
      await zitadel.start();
      zitadel.controls.lagMs = lagMs;
    });
    afterAll(() => zitadel.stop());

    for (const { name, quirk, run } of zitadelContract) {
      it(titleOf(name, quirk), () =>
        run({
          issuer: zitadel.issuer,
          serviceAccountKey: zitadel.bootstrap.serviceAccountKey,
          fetch: http.fetch,
        }),
      );
    }
  });
}

const issuer = process.env.E2E_ZITADEL_ISSUER;
const keyFile = process.env.E2E_ZITADEL_KEY;

describe.skipIf(!issuer || !keyFile)(
  "Zitadel's contract on a real instance (E2E_ZITADEL_ISSUER, E2E_ZITADEL_KEY)",
  () => {
    let serviceAccountKey: ServiceAccountKey;

    beforeAll(async () => {
      serviceAccountKey = JSON.parse(await readFile(keyFile ?? '', 'utf8')) as ServiceAccountKey;
    });

    for (const { name, quirk, run } of zitadelContract) {
      it(titleOf(name, quirk), () => run({ issuer: issuer ?? '', serviceAccountKey, fetch: http.fetch }));
    }
  },
);

function titleOf(name: string, quirk: number | undefined): string {
  return quirk === undefined ? name : `quirk ${quirk}: ${name}`;
}
