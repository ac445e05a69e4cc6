import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@drawbridge/kit';
import { checkWish, type ZitadelWish } from '@drawbridge/stack';
import { describe, expect, it, onTestFinished } from 'vitest';
import { crashAt } from './crash.ts';
import { openPlace, type Place, told } from './support.ts';

const { E2E_ZITADEL_ISSUER: issuer = '', E2E_ZITADEL_KEY: keyPath = '' } = process.env;
const isGiven = issuer !== '' && keyPath !== '';

/** Names that nobody else of the instance has. */
function wishOf(name: string): ZitadelWish {
  return checkWish({
    owner: name,
    projects: {
      [name]: {
        name,
        roles: { admin: 'Admin' },
        applications: {
          api: { kind: 'api', name: 'API' },
          pages: { kind: 'web', name: 'Pages', redirectUris: ['https://a.example/back'], secret: true },
        },
      },
    },
    accounts: {
      robot: { name: 'Robot', roles: ['IAM_OWNER_VIEWER'], authorizations: { [name]: ['admin'] } },
    },
    // An address for documentation: nobody is called, and no deny list names it.
    targets: { events: { endpoint: 'http://192.0.2.1/events', events: ['user.schema.created'] } },
  });
}

async function start(): Promise<{
  readonly place: Place;
  readonly name: string;
  readonly wish: ZitadelWish;
}> {
  const place = await openPlace(issuer, await readFile(keyPath, 'utf8'));
  const name = `t${randomBytes(4).toString('hex')}`;
  onTestFinished(async () => {
    await place.apply(checkWish({ owner: name }), { prune: true });
  });
  return { place, name, wish: wishOf(name) };
}

/** How many there are of everything that the wish has one of. */
async function counts({ zitadel, folder }: Place, name: string): Promise<unknown> {
  const applications = await zitadel.applications.list({ projectId: name }).all();
  const targets = await zitadel.actions.listTargets({ name: `${name}-events` }).all();
  const keys = await zitadel.users.listKeys({ userId: `${name}-robot` }).all();
  const { keyId } = JSON.parse(await readFile(join(folder, 'account-robot.json'), 'utf8')) as {
    keyId: string;
  };
  const [api] = applications.filter(({ apiConfiguration }) => apiConfiguration);
  return {
    applications: applications.map((one) => one.name).toSorted(),
    apiKeys: (await zitadel.applications.listKeys(api?.applicationId ?? '').all()).length,
    targets: targets.length,
    keys: keys.map(({ id }) => id === keyId),
  };
}

describe.skipIf(!isGiven)('setup on a real Zitadel (E2E_ZITADEL_ISSUER, E2E_ZITADEL_KEY)', () => {
  it('makes everything, and the second run has nothing to do', { timeout: 60_000 }, async () => {
    const { place, wish } = await start();
    const left = await place.apply(wish);
    expect([told(left), left.foreign, left.notes]).toEqual([[], [], []]);
    expect(told(await place.plan(wish))).toEqual([]);
  });

  it('mends a redirect URI, and the grants of the application stay', { timeout: 60_000 }, async () => {
    const { place, name, wish } = await start();
    await place.apply(wish);
    await place.zitadel.applications.update({
      applicationId: `${name}-pages`,
      projectId: name,
      oidcConfiguration: { redirectUris: ['https://b.example'] },
    });
    expect(told(await place.apply(wish))).toEqual([]);
    const found = await place.zitadel.applications.get(`${name}-pages`);
    expect(found.oidcConfiguration).toMatchObject({
      redirectUris: ['https://a.example/back'],
      grantTypes: ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
    });
  });

  it('two installations with one name for their projects have applications of their own', {
    timeout: 60_000,
  }, async () => {
    const [first, second] = [await start(), await start()];
    const wishFor = (owner: string) =>
      checkWish({
        owner,
        projects: {
          [first.name]: {
            id: `${owner}-bridge`,
            name: owner,
            applications: { command: { kind: 'device', name: 'Command' }, api: { kind: 'api', name: 'API' } },
          },
        },
      });
    for (const { place, name } of [first, second]) expect(told(await place.apply(wishFor(name)))).toEqual([]);
    for (const { place, name } of [first, second]) {
      const { changes, present } = await place.plan(wishFor(name));
      expect([changes, present.applications.size]).toEqual([[], 2]);
    }
  });

  it('two targets for one event are both called, and both go', { timeout: 60_000 }, async () => {
    const { place, name } = await start();
    const endpoint = 'http://192.0.2.1/events';
    const events = ['user.schema.created'];
    const targets = { one: { endpoint, events }, two: { endpoint, events } };
    expect(told(await place.apply(checkWish({ owner: name, targets })))).toEqual([]);
    expect(told(await place.apply(checkWish({ owner: name }), { prune: true }))).toEqual([]);
    const { actions } = place.zitadel;
    const left = await actions.listTargets({}).all();
    expect(left.filter((target) => target.name.startsWith(`${name}-`))).toEqual([]);
  });

  it('S56 a run that was killed after a write is finished by the next one, nothing twice', {
    timeout: 300_000,
  }, async () => {
    for (let at = 1; ; at++) {
      const { place, name, wish } = await start();
      const where = await crashAt(place, wish, at, 'after', systemClock);
      if (where === undefined) break;
      expect(told(await place.apply(wish)), where).toEqual([]);
      expect([where, await counts(place, name)]).toEqual([
        where,
        { applications: ['API', 'Pages'], apiKeys: 1, targets: 1, keys: [true] },
      ]);
    }
  });
});
