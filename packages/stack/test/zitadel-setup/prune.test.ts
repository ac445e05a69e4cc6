import { checkWish } from '@drawbridge/stack';
import { describe, expect, it } from 'vitest';
import { startPlace, told } from './support.ts';

const shop = checkWish({ projects: { shop: { name: 'Shop', roles: { admin: 'Admin' } } } });
const nothing = checkWish({});

describe('--prune', () => {
  it('lets go of what was taken over, and leaves it in Zitadel', async () => {
    const place = await startPlace();
    const { projects, organizations } = place.zitadel;
    const organizationId = (await organizations.list().all())[0]?.id ?? '';
    await projects.create({ organizationId, projectId: '4711', name: 'Shop' });
    await place.apply(shop, { adopt: true });
    expect(told(await place.plan(nothing, { prune: true }))).toEqual([
      'remove role admin of shop',
      'release project shop',
    ]);
    expect(told(await place.apply(nothing, { prune: true }))).toEqual([]);
    expect((await projects.get('4711')).name).toBe('Shop');
    expect(await projects.listRoles('4711').all()).toEqual([]);
  });

  it('does not take a project away from applications of others', async () => {
    const place = await startPlace();
    const { projects, applications } = place.zitadel;
    await place.apply(shop);
    const apiConfiguration = { authMethodType: 'API_AUTH_METHOD_TYPE_BASIC' } as const;
    await applications.create({ projectId: 'shop', name: 'Theirs', apiConfiguration });
    await expect(place.apply(nothing, { prune: true })).rejects.toMatchObject({
      code: 'conflict',
      saw: 'Theirs',
    });
    expect((await projects.get('shop')).name).toBe('Shop');
  });

  it('gives a project another id once the former was removed: that one takes no application', async () => {
    const place = await startPlace();
    const pages = { kind: 'web', name: 'Pages', redirectUris: ['https://shop.acme.example/back'] };
    const wish = checkWish({ projects: { shop: { name: 'Shop', applications: { pages } } } });
    await place.apply(wish);
    await place.apply(nothing, { prune: true });
    const left = await place.apply(wish);
    expect([told(left), left.present.projects.get('shop')]).toEqual([[], 'shop-2']);
  });

  it('says so where somebody made the project again under the removed id', async () => {
    const place = await startPlace();
    const { projects, organizations } = place.zitadel;
    const organizationId = (await organizations.list().all())[0]?.id ?? '';
    const again = { organizationId, projectId: '4711', name: 'Shop' };
    await projects.create(again);
    await projects.remove('4711');
    await projects.create(again);
    const pages = { kind: 'web', name: 'Pages', redirectUris: ['https://shop.acme.example/back'] };
    const wish = checkWish({ projects: { shop: { name: 'Shop', applications: { pages } } } });
    await expect(place.apply(wish, { adopt: true })).rejects.toMatchObject({
      code: 'conflict',
      message: 'Zitadel takes no application for sign-in into project shop.',
    });
  });
});
