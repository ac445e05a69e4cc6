import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base, group, type OpenApi, startWorld, type World } from './support/world.ts';

let world: World;
let open: OpenApi;

beforeAll(async () => {
  world = await startWorld();
  open = await world.open();
  // None of it may need Zitadel: a group that cannot be discovered keeps every namespace of the cluster from being deleted.
  world.instance.emulator.controls.outage = true;
});
afterAll(async () => {
  world.instance.emulator.controls.outage = false;
  await world.stop();
});

const v2 = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const v2beta1 = v2.replace('v=v2', 'v=v2beta1');
const get = (path: string, headers: Readonly<Record<string, string>> = {}) => open.send(path, { headers });

interface Resource {
  readonly name: string;
  readonly verbs: readonly string[];
}

describe('S45 discovery while Zitadel is away', () => {
  it('S45 lists groups, versions and resources in plain documents', async () => {
    expect((await get('/api?timeout=32s')).body).toMatchObject({ kind: 'APIVersions', versions: [] });
    expect((await get('/apis?timeout=32s')).body).toMatchObject({
      kind: 'APIGroupList',
      groups: [
        { name: 'identity.milo.io', preferredVersion: { groupVersion: 'identity.milo.io/v1alpha1' } },
        { name: group, versions: [{ groupVersion: `${group}/v1alpha1`, version: 'v1alpha1' }] },
      ],
    });
    expect((await get(`/apis/${group}`)).body).toMatchObject({ kind: 'APIGroup', name: group });
    const { body } = await get(base);
    expect(body).toMatchObject({ kind: 'APIResourceList', groupVersion: `${group}/v1alpha1` });
    expect(body.resources).toContainEqual({
      name: 'useridentities',
      singularName: 'useridentity',
      namespaced: false,
      kind: 'UserIdentity',
      verbs: ['get', 'list'],
      categories: ['identity'],
    });
  });

  it('S46 lists no verb that is not served', async () => {
    const resources = (await get(base)).body.resources as readonly Resource[];
    expect(Object.fromEntries(resources.map(({ name, verbs }) => [name, verbs]))).toEqual({
      sessions: ['delete', 'deletecollection', 'get', 'list'],
      useridentities: ['get', 'list'],
      serviceaccountkeys: ['create', 'delete', 'get', 'list'],
    });
  });

  it.each([
    ['kubectl 1.30 and later', `${v2},${v2beta1},application/json`, v2],
    ['kubectl 1.27', `${v2beta1},application/json`, v2beta1],
    [
      'another order of parameters',
      'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io',
      v2,
    ],
    ['a profile', `${v2};profile=nopeer,${v2}`, v2],
    ['an older client', 'application/json', 'application/json'],
    ['nobody in particular', '*/*', 'application/json'],
  ])('S45 answers %s in the form that it reads', async (_client, accept, contentType) => {
    const answer = await get('/apis', { accept });
    expect([answer.status, answer.headers['content-type'], answer.headers.vary]).toEqual([
      200,
      contentType,
      'Accept',
    ]);
  });

  it('S45 has both groups in one document, which is not sent twice', async () => {
    const answer = await get('/apis', { accept: v2 });
    const items = answer.body.items as readonly {
      metadata: { name: string };
      versions: readonly { freshness: string; resources: readonly Record<string, unknown>[] }[];
    }[];
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['identity.milo.io', group]);
    expect(items[1]?.versions[0]?.freshness).toBe('Current');
    expect(items[1]?.versions[0]?.resources[0]).toEqual({
      resource: 'sessions',
      responseKind: { group, version: 'v1alpha1', kind: 'Session' },
      scope: 'Cluster',
      singularResource: 'session',
      verbs: ['delete', 'deletecollection', 'get', 'list'],
      categories: ['identity'],
    });
    const etag = String(answer.headers.etag);
    const again = await get('/apis', { accept: v2, 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('S45 is 406 for what cannot be written', async () => {
    for (const path of ['/apis', base, '/openapi/v2', `/openapi/v3/apis/${group}/v1alpha1`]) {
      const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
      const answer = await get(path, { accept });
      expect([path, answer.status, answer.body.reason]).toEqual([path, 406, 'NotAcceptable']);
    }
  });

  it('S45 answers /version, /healthz, /livez and /readyz', async () => {
    expect((await get('/version')).body).toMatchObject({
      major: '1',
      gitVersion: expect.stringMatching(/^v1\./),
    });
    expect((await get('/healthz')).text).toBe('ok');
    for (const path of ['/livez', '/readyz']) expect((await get(path)).status).toBe(200);
  });
});

describe('S45 OpenAPI while Zitadel is away', () => {
  interface Index {
    readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
  }

  it('S45 leads by a hash to a document that may be kept for good', async () => {
    const index = (await get('/openapi/v3')).body as unknown as Index;
    const { serverRelativeURL = '' } = index.paths[`apis/${group}/v1alpha1`] ?? {};
    const answer = await get(`${serverRelativeURL}&timeout=32s`);
    expect(answer.headers).toMatchObject({ 'cache-control': 'public, immutable', etag: expect.any(String) });
    expect(answer.body.openapi).toBe('3.0.0');
    // No redirect: kube-apiserver passes none on.
    const stale = await get(`/openapi/v3/apis/${group}/v1alpha1?hash=0`);
    expect([stale.status, stale.headers['cache-control'], stale.text === answer.text]).toEqual([
      200,
      undefined,
      true,
    ]);
    const etag = String(answer.headers.etag);
    expect((await get(`/openapi/v3/apis/${group}/v1alpha1`, { 'if-none-match': etag })).status).toBe(304);
  });

  it('S45 describes PATCH of what can be created, in which kubectl looks for field validation', async () => {
    const v3 = (await get(`/openapi/v3/apis/${group}/v1alpha1`)).body;
    const paths = v3.paths as Record<
      string,
      Record<string, { parameters: { name: string }[]; responses: object }>
    >;
    const patch = paths[`${base}/serviceaccountkeys/{name}`]?.patch;
    expect(patch?.parameters.map(({ name }) => name)).toContain('fieldValidation');
    expect(Object.keys(patch?.responses ?? {})).toContain('405');
    expect(paths[`${base}/sessions/{name}`]).not.toHaveProperty('patch');
  });

  it.each(['v2', 'v3'] as const)(
    'S45 %s refers only to what it holds, and every schema says what it is',
    async (version) => {
      const answer = await get(version === 'v2' ? '/openapi/v2' : `/openapi/v3/apis/${group}/v1alpha1`);
      const prefix = version === 'v2' ? '#/definitions/' : '#/components/schemas/';
      const schemas =
        version === 'v2'
          ? (answer.body.definitions as object)
          : (answer.body.components as { schemas: object }).schemas;
      for (const [, name = ''] of answer.text.matchAll(/"\$ref":"([^"]+)"/g)) {
        expect(name.startsWith(prefix)).toBe(true);
        expect(schemas).toHaveProperty([name.slice(prefix.length)]);
      }
      const ids = [...answer.text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(answer.text).toContain('"x-kubernetes-group-version-kind":[{');
    },
  );

  it('S45 of version 2 is not sent twice', async () => {
    const etag = String((await get('/openapi/v2')).headers.etag);
    expect((await get('/openapi/v2', { 'if-none-match': etag })).status).toBe(304);
  });
});

describe('one group', () => {
  it('is served alone where that is set', async () => {
    const one = await world.open({ groups: ['identity.milo.io'] });
    expect((await one.send(base)).status).toBe(404);
    expect((await one.send('/apis/identity.milo.io/v1alpha1')).status).toBe(200);
    expect((await one.send('/openapi/v2')).text).not.toContain(group);
  });
});
