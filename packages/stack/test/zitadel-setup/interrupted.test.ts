import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@drawbridge/kit';
import { checkWish } from '@drawbridge/stack';
import { describe, expect, it } from 'vitest';
import { crashAt } from './crash.ts';
import { snapshot } from './snapshot.ts';
import { hasty, type Place, startPlace, told } from './support.ts';

/** One of everything. */
const wish = checkWish({
  projects: {
    shop: {
      name: 'Shop',
      roles: { admin: 'Admin' },
      grants: { branch: ['admin'] },
      applications: {
        api: { kind: 'api', name: 'Shop API' },
        pages: { kind: 'web', name: 'Shop', redirectUris: ['https://shop.acme.example/back'], secret: true },
      },
    },
  },
  accounts: { robot: { name: 'Robot', roles: ['IAM_OWNER_VIEWER'], authorizations: { shop: ['admin'] } } },
  targets: {
    events: {
      endpoint: 'https://shop.acme.example/events',
      events: ['user.removed'],
      functions: ['preuserinfo'],
    },
  },
  lifetimes: { accessToken: '15m' },
});

async function prepared() {
  const place = await startPlace();
  await place.zitadel.organizations.create({ organizationId: 'branch', name: 'Branch' });
  return place;
}

async function requireGoodKeys(place: Place): Promise<void> {
  const text = async (file: string) => await readFile(join(place.folder, file), 'utf8');
  const key = JSON.parse(await text('account-robot.json')) as { keyId: string };
  const listed = await place.zitadel.users.listKeys({ userId: 'drawbridge-robot' }).all();
  expect(listed.map(({ id }) => id)).toEqual([key.keyId]);
  expect(await readdir(place.folder)).toHaveLength(4);
}

describe('a run that was killed', () => {
  it.each(['before', 'after'] as const)(
    'S56 %s any of its writes is finished by the next one: the same end, nothing twice',
    { timeout: 120_000 },
    async (when) => {
      const whole = await prepared();
      await whole.apply(wish);
      const expected = await snapshot(whole.zitadel);
      const killedAt: string[] = [];
      for (let at = 1; ; at++) {
        const place = await prepared();
        const where = await crashAt(place, wish, at, when);
        if (where === undefined) break;
        killedAt.push(where);
        const left = await place.apply(wish, { clock: hasty });
        expect([where, told(left), left.foreign], where).toEqual([where, [], []]);
        expect(await snapshot(place.zitadel), where).toEqual(expected);
        await requireGoodKeys(place);
      }
      expect(killedAt).toEqual([
        'SetOrganizationMetadata',
        'CreateProject',
        'AddProjectRole',
        'CreateProjectGrant',
        'CreateApplication',
        'CreateApplicationKey',
        'SetOrganizationMetadata',
        'CreateApplication',
        'GenerateClientSecret',
        'SetOrganizationMetadata',
        'CreateUser',
        'SetUserMetadata',
        'CreateAdministrator',
        'CreateAuthorization',
        'AddKey',
        'SetOrganizationMetadata',
        'CreateTarget',
        'SetOrganizationMetadata',
        'SetExecution',
        'SetExecution',
        'UpdateTarget',
        'PUT oidc',
        'oidc',
      ]);
    },
  );

  it('S56 is finished by the next one also while lists lag behind', { timeout: 60_000 }, async () => {
    const whole = await prepared();
    await whole.apply(wish);
    const expected = await snapshot(whole.zitadel);
    // Creating of applications, of the account and of a target.
    for (const at of [5, 8, 11, 17]) {
      const place = await prepared();
      place.emulator.controls.lagMs = 700;
      const where = await crashAt(place, wish, at, 'after', systemClock);
      expect(where).toMatch(/^Create/);
      expect(told(await place.apply(wish)), where).toEqual([]);
      expect(await snapshot(place.zitadel), where).toEqual(expected);
    }
  });
});
