import { readdir, readFile } from 'node:fs/promises';
import { createZitadelEmulator, type ServiceAccountKey, zitadelContract } from '@drawbridge/emulators';
import { createHttpClient, type HttpClient } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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

describe("Zitadel's contract", () => {
  it('calls every method that the client calls', async () => {
    const zitadel = createZitadelEmulator({ outboundDenyList: [] });
    await zitadel.start();
    const called = new Set<string>();
    try {
      const target = {
        issuer: zitadel.issuer,
        serviceAccountKey: zitadel.bootstrap.serviceAccountKey,
        fetch: http.fetch,
        allowsLoopback: true,
        onCall: (method: string) => called.add(method),
      };
      for (const { run, unless } of zitadelContract) if (!unless) await run(target);
    } finally {
      await zitadel.stop();
    }
    const methods = await methodsOfTheClient();
    expect(methods.length).toBeGreaterThan(90);
    expect(methods.filter((method) => !called.has(method))).toEqual([]);
  });
});

/** The names in the client's table of methods, which is a type and so leaves nothing to ask at run time. */
async function methodsOfTheClient(): Promise<readonly string[]> {
  const wire = new URL('../../zitadel/src/wire/', import.meta.url);
  const files = (await readdir(wire)).filter((name) => name.startsWith('methods'));
  const sources = await Promise.all(files.map((name) => readFile(new URL(name, wire), 'utf8')));
  return sources.flatMap((source) =>
    [...source.matchAll(/'(zitadel\.[\w.]+\/\w+)'/g)].map((match) => match[1] ?? ''),
  );
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
