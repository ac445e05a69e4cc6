import {
  createOpenbaoEmulator,
  createZitadelEmulator,
  isOpenbaoCheckable,
  type OpenbaoContractCase,
  type OpenbaoContractTarget,
  openbaoContract,
} from '@drawbridge/emulators';
import { createHttpClient, type HttpClient } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIssuer, type TestIssuer } from './openbao/issuer.ts';

const emulator = createOpenbaoEmulator();
const zitadel = createZitadelEmulator();
let http: HttpClient;
let issuer: TestIssuer;

beforeAll(async () => {
  http = createHttpClient();
  issuer = await startIssuer();
  await Promise.all([emulator.start(), zitadel.start()]);
});
afterAll(async () => {
  await Promise.all([emulator.stop(), zitadel.stop(), issuer.stop()]);
  await http.close();
});

const titleOf = ({ name, quirk }: OpenbaoContractCase) =>
  quirk === undefined ? name : `quirk ${quirk}: ${name}`;

const target = (): OpenbaoContractTarget => ({
  url: emulator.url,
  token: emulator.bootstrap.rootToken.expose(),
  fetch: http.fetch,
  issuer,
  zitadel: zitadel.issuer,
});

describe("OpenBao's contract on the emulator", () => {
  // What needs a configuration manager is checked where there is one.
  for (const one of openbaoContract.filter(({ needs = [] }) => !needs.includes('config')))
    it(titleOf(one), () => one.run(target()));

  it('numbers its quirks without a gap', () => {
    const quirks = openbaoContract.flatMap(({ quirk }) => quirk ?? []);
    expect(quirks).toEqual(quirks.map((_, at) => at + 1));
  });
});

const { E2E_OPENBAO_ADDR: url, E2E_OPENBAO_TOKEN: token, E2E_ZITADEL_ISSUER: realZitadel } = process.env;
/** Set where the server runs on this machine and so reaches an issuer of ours. */
const isHere = process.env.E2E_OPENBAO_LOOPBACK === '1';

describe.skipIf(!url || !token)(
  "OpenBao's contract on a real server (E2E_OPENBAO_ADDR, E2E_OPENBAO_TOKEN)",
  () => {
    const real = (): OpenbaoContractTarget => ({
      url: url ?? '',
      token: token ?? '',
      fetch: http.fetch,
      ...(isHere ? { issuer } : {}),
      ...(realZitadel ? { zitadel: realZitadel } : {}),
    });
    const able = {
      ...(isHere ? { issuer: { url: '', sign: async () => '' } } : {}),
      ...(realZitadel ? { zitadel: realZitadel } : {}),
    };
    for (const one of openbaoContract) {
      it.skipIf(!isOpenbaoCheckable(one, able))(titleOf(one), () => one.run(real()));
    }
  },
);
