import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { humanDuration } from '../../src/identity-api/wire/index.ts';
import { base, makePerson, type OpenApi, startWorld, type World } from './support/world.ts';

let world: World;
let open: OpenApi;
let me: { readonly id: string; readonly sessions: readonly string[] };

beforeAll(async () => {
  world = await startWorld();
  open = await world.open();
  me = await makePerson(world.instance, 2);
});
afterAll(() => world.stop());

const path = `${base}/sessions`;
const get = (accept: string, to = path) => open.as({ uid: me.id }, to, { headers: { accept } });
const table =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

interface Table {
  readonly kind: string;
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: unknown }[];
}

describe('a table', () => {
  it('is what kubectl shows: who, from where, until when, since when', async () => {
    const answer = await get(table);
    expect(answer.headers['content-type']).toBe('application/json');
    const { kind, columnDefinitions, rows } = answer.body as unknown as Table;
    expect(kind).toBe('Table');
    expect(columnDefinitions.filter(({ priority }) => priority === 0).map(({ name }) => name)).toEqual([
      'Name',
      'IP',
      'Agent',
      'Expires',
      'Age',
    ]);
    for (const { cells } of rows) expect(cells.length).toBe(columnDefinitions.length);
    expect(rows[0]?.cells.slice(0, 4)).toEqual([me.sessions[0], '203.0.113.1', 'Browser 1', '<never>']);
    expect(rows[0]?.cells[4]).toMatch(/^\d+s$/);
    expect(rows[0]?.object).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: me.sessions[0] },
    });
  });

  it('has one row for one object, and as much of each object as is asked for', async () => {
    const one = (await get(table, `${path}/${me.sessions[1]}`)).body as unknown as Table;
    expect(one.rows.length).toBe(1);
    const whole = (await get(table, `${path}?includeObject=Object`)).body as unknown as Table;
    expect(whole.rows[0]?.object).toMatchObject({ kind: 'Session', status: { userUID: me.id } });
    const none = (await get(table, `${path}?includeObject=None`)).body as unknown as Table;
    expect(none.rows[0]?.object).toBeNull();
    expect((await get(table, `${path}?includeObject=Half`)).status).toBe(400);
  });

  it('has nothing in it where there is nothing, and is no table where there is an error', async () => {
    const nobody = await open.as({ uid: 'nobody' }, path, { headers: { accept: table } });
    expect(nobody.body).toMatchObject({ kind: 'Table', rows: [] });
    expect((await get(table, `${path}/none`)).body.kind).toBe('Status');
  });

  it.each([
    [0, '0s'],
    [119_999, '119s'],
    [120_000, '2m'],
    [303_000, '5m3s'],
    [600_000, '10m'],
    [10_799_000, '179m'],
    [18_120_000, '5h2m'],
    [108_000_000, '30h'],
    [273_600_000, '3d4h'],
    [34_560_000_000, '400d'],
    [65_664_000_000, '2y30d'],
    [300_000_000_000, '9y'],
  ])('%d ms are %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});

describe('other forms', () => {
  it('metadata alone, of one object or of a list, and not one for the other', async () => {
    const of = (as: string) => `application/json;as=${as};g=meta.k8s.io;v=v1`;
    const list = await get(of('PartialObjectMetadataList'));
    expect(list.body).toMatchObject({
      kind: 'PartialObjectMetadataList',
      items: [{ kind: 'PartialObjectMetadata', metadata: { name: me.sessions[0] } }, {}],
    });
    expect(list.text).not.toContain('203.0.113');
    expect((await get(of('PartialObjectMetadata'), `${path}/${me.sessions[0]}`)).body.kind).toBe(
      'PartialObjectMetadata',
    );
    expect((await get(of('PartialObjectMetadata'))).status).toBe(406);
    expect((await get(of('PartialObjectMetadataList'), `${path}/${me.sessions[0]}`)).status).toBe(406);
  });

  it('YAML, also of what is sent', async () => {
    const answer = await get('application/yaml');
    expect(answer.headers['content-type']).toBe('application/yaml');
    expect(parse(answer.text)).toMatchObject({ kind: 'SessionList', items: [{}, {}] });
    const tried = await open.as({ uid: me.id }, `${path}/${me.sessions[0]}`, {
      method: 'DELETE',
      body: 'dryRun: [All]\n',
      headers: { 'Content-Type': 'application/yaml' },
    });
    expect(tried.status).toBe(200);
    expect((await get('', path)).body.items).toHaveLength(2);
  });

  it.each([
    ['application/vnd.kubernetes.protobuf,application/json', 200],
    ['application/json;q=0.1,application/yaml', 200],
    ['*/*', 200],
    ['', 200],
    ['application/json;as=Unknown;g=meta.k8s.io;v=v1,application/json', 200],
    ['application/vnd.kubernetes.protobuf', 406],
    ['text/html', 406],
    ['application/json;q=0', 406],
  ])('for Accept %j it is %d', async (accept, status) => {
    const answer = await get(accept);
    expect([answer.status, answer.body.kind ?? 'yaml']).toEqual([
      status,
      accept.includes('yaml') ? 'yaml' : status === 200 ? 'SessionList' : 'Status',
    ]);
  });

  it('indented where a person reads it', async () => {
    expect((await get('*/*', `${path}?pretty=true`)).text).toContain('\n  "kind"');
    const curl = await open.as({ uid: me.id }, path, { headers: { 'user-agent': 'curl/8.5.0' } });
    expect(curl.text).toContain('\n  "kind"');
    expect((await get('*/*')).text).not.toContain('\n  ');
  });

  it('squeezed where it is long', async () => {
    const many = await makePerson(world.instance, 0);
    const { sessions } = world.instance.zitadel;
    for (let at = 0; at < 120; at++)
      await sessions.create({
        checks: { user: { userId: many.id } },
        userAgent: { description: `Browser ${at} ${'x'.repeat(1_000)}` },
      });
    const { bytes, encoding } = await new Promise<{ bytes: Buffer; encoding: unknown }>((resolve, reject) => {
      const headers = { 'X-Remote-User': 'many', 'X-Remote-Uid': many.id, 'Accept-Encoding': 'gzip' };
      request(open.url, { path, ca: world.servers.pem, ...world.proxy, headers }, (response) => {
        buffer(response).then(
          (all) => resolve({ bytes: all, encoding: response.headers['content-encoding'] }),
          reject,
        );
      }).end();
    });
    expect(encoding).toBe('gzip');
    expect(bytes.length).toBeLessThan(30_000);
    expect((JSON.parse(gunzipSync(bytes).toString()) as { items: unknown[] }).items).toHaveLength(120);
    expect((await open.as({ uid: many.id }, path)).headers['content-encoding']).toBeUndefined();
  });
});

describe('what cannot be read', () => {
  const remove = (body: string, contentType: string) =>
    open.as({ uid: me.id }, `${path}/${me.sessions[0]}`, {
      method: 'DELETE',
      body,
      headers: { 'Content-Type': contentType },
    });

  it('is 415 in another format', async () => {
    for (const type of ['application/vnd.kubernetes.protobuf', 'text/plain'])
      expect((await remove('x', type)).body).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  });

  it('is 400 where it is malformed, and nothing of it is repeated', async () => {
    for (const [body, type] of [
      ['{"secret', 'application/json'],
      ['a: [secret', 'application/yaml'],
      ['a: &x secret\nb: *x\n', 'application/yaml'],
      ['[]', 'application/json'],
      [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'application/yaml'],
    ] as const) {
      const answer = await remove(body, type);
      expect(answer.body).toMatchObject({ code: 400, reason: 'BadRequest' });
      expect(answer.text).not.toContain('secret');
    }
  });

  it('F6 is 413 where it is too large', async () => {
    const answer = await remove(`"${'x'.repeat(3 * 1024 * 1024)}"`, 'application/json');
    expect(answer.body).toMatchObject({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: limit is 3145728',
    });
  });

  it('carries the id of the audit, and is not to be kept', async () => {
    const answer = await open.as({ uid: me.id }, path, { headers: { 'Audit-ID': 'abc-1' } });
    expect(answer.headers).toMatchObject({ 'audit-id': 'abc-1', 'cache-control': 'no-cache, private' });
  });
});
