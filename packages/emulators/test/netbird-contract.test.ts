import { readFile } from 'node:fs/promises';
import {
  createMemoryIdp,
  createNetbirdEmulator,
  isCheckable,
  type NetbirdContractCase,
  type NetbirdContractTarget,
  type NetbirdEmulator,
  netbirdContract,
} from '@drawbridge/emulators';
import { createHttpClient, type HttpClient } from '@drawbridge/kit';
import { importJWK, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIssuer, type TestIssuer } from './netbird/issuer.ts';

let http: HttpClient;
let issuer: TestIssuer;

beforeAll(async () => {
  http = createHttpClient();
  issuer = await startIssuer();
});
afterAll(async () => {
  await issuer.stop();
  await http.close();
});

const titleOf = ({ name, quirk }: NetbirdContractCase) =>
  quirk === undefined ? name : `quirk ${quirk}: ${name}`;

type Kind = 'people sign in' | 'with a manager' | 'dex';

const abilities: Readonly<
  Record<Kind, Pick<NetbirdContractTarget, 'identity' | 'idpManager' | 'accessToken' | 'connectPeer'>>
> = {
  'people sign in': {
    accessToken: (person) => issuer.accessToken(person),
    connectPeer: async () => undefined,
  },
  'with a manager': { idpManager: { add: async () => undefined } },
  dex: { identity: 'dex' },
};

for (const kind of Object.keys(abilities) as Kind[]) {
  describe(`NetBird's contract on the emulator, ${kind}`, () => {
    const idp = createMemoryIdp();
    let emulator: NetbirdEmulator;
    let target: NetbirdContractTarget;

    beforeAll(async () => {
      emulator = createNetbirdEmulator({
        tokens: issuer,
        ...(kind === 'with a manager' ? { idpManager: idp } : {}),
        ...(kind === 'dex' ? { identity: 'dex' } : {}),
      });
      await emulator.start();
      target = {
        url: emulator.url,
        token: emulator.bootstrap.token.expose(),
        fetch: http.fetch,
        ...abilities[kind],
        ...(kind === 'with a manager' ? { idpManager: { add: async (person) => idp.add(person) } } : {}),
        ...(kind === 'people sign in'
          ? {
              connectPeer: async (person, name) => {
                await emulator.connectPeer(person, name);
              },
            }
          : {}),
      };
    });
    afterAll(() => emulator.stop());

    for (const one of netbirdContract.filter((each) => isCheckable(each, abilities[kind]))) {
      it(titleOf(one), () => one.run(target));
    }
  });
}

describe("NetBird's contract", () => {
  it('is checked whole, over all the ways that NetBird can be set up', () => {
    const checked = new Set(
      Object.values(abilities).flatMap((able) => netbirdContract.filter((one) => isCheckable(one, able))),
    );
    expect(netbirdContract.filter((one) => !checked.has(one))).toEqual([]);
    const quirks = netbirdContract.flatMap(({ quirk }) => quirk ?? []);
    expect(quirks).toEqual(quirks.map((_, at) => at + 1));
  });
});

const { E2E_NETBIRD_URL: url, E2E_NETBIRD_TOKEN: token } = process.env;
/** File with issuer, audience and private key (a JWK) of tokens that it takes: people can sign in then. */
const { E2E_NETBIRD_JWT: keyFile } = process.env;
/** URL that adds somebody to the provider that its manager reaches, by POST {id, email, name}. */
const { E2E_NETBIRD_PEOPLE: peopleUrl } = process.env;

const real = url && token ? await realTarget(url, token) : undefined;

describe.skipIf(!real)("NetBird's contract on a real server (E2E_NETBIRD_URL, E2E_NETBIRD_TOKEN)", () => {
  for (const one of netbirdContract) {
    it.skipIf(!real || !isCheckable(one, real))(titleOf(one), () =>
      one.run({ ...(real as NetbirdContractTarget), fetch: http.fetch }),
    );
  }
});

async function realTarget(base: string, pat: string): Promise<NetbirdContractTarget> {
  const answer = await fetch(`${base}/api/accounts`, { headers: { authorization: `Token ${pat}` } });
  const [account] = (await answer.json()) as { settings: { embedded_idp_enabled?: boolean } }[];
  const post = (person: object) =>
    fetch(peopleUrl ?? '', { method: 'POST', body: JSON.stringify(person) }).then(() => undefined);
  return {
    url: base,
    token: pat,
    fetch,
    identity: account?.settings.embedded_idp_enabled ? 'dex' : 'external',
    ...(peopleUrl ? { idpManager: { add: post } } : {}),
    ...(keyFile ? { accessToken: await signer(keyFile) } : {}),
  };
}

async function signer(path: string): Promise<NonNullable<NetbirdContractTarget['accessToken']>> {
  const given = JSON.parse(await readFile(path, 'utf8')) as {
    readonly issuer: string;
    readonly audience: string;
    readonly jwk: JWK;
  };
  const key = await importJWK(given.jwk, 'RS256');
  return ({ sub, email, name, claims = {} }) =>
    new SignJWT({ ...(email ? { email } : {}), ...(name ? { name } : {}), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: given.jwk.kid ?? '' })
      .setIssuer(given.issuer)
      .setAudience(given.audience)
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(key);
}
