import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answered,
  base,
  group,
  makePerson,
  type OpenApi,
  startWorld,
  type World,
} from './support/world.ts';

let world: World;
let open: OpenApi;

beforeAll(async () => {
  world = await startWorld();
  open = await world.open();
});
afterAll(() => world.stop());

const path = `${base}/useridentities`;
const itemsOf = ({ body }: Answered) =>
  body.items as readonly {
    readonly metadata: { readonly name: string };
    readonly status: Readonly<Record<string, string>>;
  }[];

describe('the accounts that somebody signs in with', () => {
  it('are Zitadel’s own where there is no provider', async () => {
    const me = await makePerson(world.instance, 0);
    const [own] = itemsOf(await open.as({ uid: me.id }, path));
    const { preferredLoginName } = await world.instance.zitadel.users.get(me.id);
    expect(own).toMatchObject({
      kind: 'UserIdentity',
      apiVersion: `${group}/v1alpha1`,
      status: {
        userUID: me.id,
        providerID: 'zitadel-local',
        providerName: 'Email',
        username: preferredLoginName,
      },
    });
    const one = await open.as({ uid: me.id }, `${path}/${own?.metadata.name}`);
    expect(one.body).toEqual(own);
  });

  it('are those at providers, by the providers’ names', async () => {
    const me = await makePerson(world.instance, 0);
    const id = await addProvider('GitHub of Acme');
    await world.instance.zitadel.users.addIdpLink(me.id, { idpId: id, userId: 'gh/17', userName: 'ada' });
    const found = itemsOf(await open.as({ uid: me.id }, path));
    expect(found.map(({ status }) => status)).toEqual([
      { userUID: me.id, providerID: id, providerName: 'GitHub of Acme', username: 'ada' },
    ]);
    expect(found[0]?.metadata.name).toMatch(/^[a-z0-9-]+$/);
  });

  it('S39 are not those of others, unless Kubernetes lets have the user', async () => {
    const me = await makePerson(world.instance, 0);
    const other = await makePerson(world.instance, 0);
    const query = `?fieldSelector=status.userUID%3D${other.id}`;
    expect((await open.as({ uid: me.id }, path + query)).status).toBe(403);
    const guarded = await world.open({ subjectAccess: async ({ name }) => ({ allowed: name === other.id }) });
    const [theirs] = itemsOf(await guarded.as({ uid: me.id }, path + query));
    expect(theirs?.status.userUID).toBe(other.id);
    expect((await open.as({ uid: me.id }, `${path}/${theirs?.metadata.name}`)).status).toBe(404);
  });

  it('are none for an id that is nobody’s, and cannot be written', async () => {
    expect(itemsOf(await open.as({ uid: 'nobody' }, path))).toEqual([]);
    for (const [to, method] of [
      [path, 'DELETE'],
      [path, 'POST'],
      [`${path}/x`, 'DELETE'],
    ] as const)
      expect((await open.as({ uid: 'nobody' }, to, { method })).status).toBe(405);
  });
});

/** Providers are made by the first API, which has no method in ours. */
async function addProvider(name: string): Promise<string> {
  const { emulator, zitadel } = world.instance;
  const token = await zitadel.token.get();
  const answer = await fetch(`${emulator.issuer}/admin/v1/idps/generic_oidc`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token.expose()}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name,
      issuer: 'https://idp.example',
      clientId: '1',
      clientSecret: 'x',
      scopes: ['openid'],
    }),
  });
  return ((await answer.json()) as { readonly id: string }).id;
}
