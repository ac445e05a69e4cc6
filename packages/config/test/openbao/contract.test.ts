import {
  createOpenbaoEmulator,
  isOpenbaoCheckable,
  type OpenbaoContractTarget,
  openbaoContract,
} from '@drawbridge/emulators';
import { createHttpClient, type HttpClient } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';
import { managerOn } from '../support/manager-on-openbao.ts';

const emulator = createOpenbaoEmulator();
let http: HttpClient;
let issuer: TestIssuer;

beforeAll(async () => {
  http = createHttpClient();
  issuer = await startIssuer();
  await emulator.start();
});
afterAll(async () => {
  await Promise.all([emulator.stop(), issuer.stop()]);
  await http.close();
});

const cases = openbaoContract.filter(({ needs = [] }) => needs.includes('config'));

describe("OpenBao's contract with a configuration manager, on the emulator", () => {
  for (const one of cases) {
    it(one.name, () =>
      one.run({
        url: emulator.url,
        token: emulator.bootstrap.rootToken.expose(),
        fetch: http.fetch,
        issuer,
        config: managerOn(emulator.url),
      }),
    );
  }
});

const { E2E_OPENBAO_ADDR: url = '', E2E_OPENBAO_TOKEN: token = '' } = process.env;
/** Set where the server runs on this machine and so reaches an issuer of ours. */
const isHere = process.env.E2E_OPENBAO_LOOPBACK === '1';

describe.skipIf(url === '' || token === '')(
  "OpenBao's contract with a configuration manager, on a real server (E2E_OPENBAO_ADDR, E2E_OPENBAO_TOKEN)",
  () => {
    const real = (): OpenbaoContractTarget => ({
      url,
      token,
      fetch: http.fetch,
      config: managerOn(url),
      ...(isHere ? { issuer } : {}),
    });
    const able = { config: managerOn(url), ...(isHere ? { issuer: { url: '', sign: async () => '' } } : {}) };
    for (const one of cases) it.skipIf(!isOpenbaoCheckable(one, able))(one.name, () => one.run(real()));
  },
);
