import assert from 'node:assert/strict';
import type { Envelope, SecretBody, SecretMetadataBody, VersionMetadataBody } from '@drawbridge/openbao';
import type { OpenbaoContractCase } from './target.ts';
import { withWire } from './wire.ts';

const data = 'builtin/logical/kv/path_data.go';

/** What holds for secrets. */
export const kvCases: readonly OpenbaoContractCase[] = [
  {
    name: 'a deleted or destroyed version is 404 with the whole answer of a success, an unknown one 404 without a word',
    quirk: 5,
    source: data,
    run: withWire(async (wire) => {
      const kv = await wire.kv();
      await wire.data('POST', `/${kv}/data/a`, { data: { x: 1 } });
      await wire.done('DELETE', `/${kv}/data/a`);
      const deleted = await wire.send('GET', `/${kv}/data/a`);
      assert.equal(deleted.status, 404);
      const { data: body } = deleted.json as Envelope<SecretBody>;
      assert.equal(body?.data, null);
      assert.notEqual(body?.metadata.deletion_time, '');
      await wire.done('POST', `/${kv}/undelete/a`, { versions: [1] });
      assert.deepEqual((await wire.data<SecretBody>('GET', `/${kv}/data/a`)).data, { x: 1 });
      await wire.done('PUT', `/${kv}/destroy/a`, { versions: [1] });
      const destroyed = (await wire.send('GET', `/${kv}/data/a`)).json as Envelope<SecretBody>;
      assert.deepEqual([destroyed.data?.data, destroyed.data?.metadata.destroyed], [null, true]);
      await wire.refused(404, [], 'GET', `/${kv}/data/a?version=9`);
    }),
  },
  {
    name: 'check-and-set: 0 is for what never was, a deleted version counts, and refusals are 400',
    quirk: 6,
    source: data,
    run: withWire(async (wire) => {
      const kv = await wire.kv();
      const put = (cas: number) => ['POST', `/${kv}/data/a`, { data: {}, options: { cas } }] as const;
      const mismatch = 'check-and-set parameter did not match the current version';
      assert.equal((await wire.data<VersionMetadataBody>(...put(0))).version, 1);
      await wire.refused(400, [mismatch], ...put(0));
      await wire.done('DELETE', `/${kv}/data/a`);
      await wire.refused(400, [mismatch], ...put(0));
      assert.equal((await wire.data<VersionMetadataBody>(...put(1))).version, 2);
      await wire.done('POST', `/${kv}/metadata/a`, { cas_required: true });
      const required = 'check-and-set parameter required for this call';
      await wire.refused(400, [required], 'POST', `/${kv}/data/a`, { data: {} });
      await wire.refused(400, ['no data provided'], 'POST', `/${kv}/data/a`, {});
    }),
  },
  {
    name: 'a patch asks for its own content type, merges, and is 404 without a body where there is nothing to patch',
    quirk: 7,
    source: data,
    run: withWire(async (wire) => {
      const kv = await wire.kv();
      const type = 'application/merge-patch+json';
      const missing = await wire.send('PATCH', `/${kv}/data/a`, { data: { x: 1 } }, { type });
      assert.deepEqual([missing.status, missing.text], [404, '']);
      await wire.data('POST', `/${kv}/data/a`, { data: { x: 1, y: { z: 1 } } });
      await wire.refused(415, [/requires Content-Type/], 'PATCH', `/${kv}/data/a`, { data: {} });
      await wire.data('PATCH', `/${kv}/data/a`, { data: { x: null, y: { w: 2 } } }, { type });
      const read = await wire.data<SecretBody>('GET', `/${kv}/data/a`);
      assert.deepEqual(read.data, { y: { z: 1, w: 2 } });
    }),
  },
  {
    name: 'versions beyond the kept ones fall out, and metadata can be there before any version',
    source: 'builtin/logical/kv/path_metadata.go',
    run: withWire(async (wire) => {
      const kv = await wire.kv();
      await wire.done('POST', `/${kv}/metadata/a`, { max_versions: 2, custom_metadata: { owner: 'ada' } });
      await wire.refused(404, [], 'GET', `/${kv}/data/a`);
      for (let count = 0; count < 3; count++) await wire.data('POST', `/${kv}/data/a`, { data: { count } });
      const metadata = await wire.data<SecretMetadataBody>('GET', `/${kv}/metadata/a`);
      assert.deepEqual(Object.keys(metadata.versions), ['2', '3']);
      assert.deepEqual([metadata.current_version, metadata.oldest_version], [3, 2]);
      assert.deepEqual(metadata.custom_metadata, { owner: 'ada' });
      await wire.refused(404, [], 'GET', `/${kv}/data/a?version=1`);
      await wire.done('DELETE', `/${kv}/metadata/a`);
      await wire.refused(404, [], 'GET', `/${kv}/metadata/a`);
    }),
  },
  {
    name: 'a list has names with a slash for folders and is 404 where it would be empty; deleting what is not there is fine',
    quirk: 8,
    source: 'builtin/logical/kv/path_metadata.go',
    run: withWire(async (wire) => {
      const kv = await wire.kv();
      await wire.refused(404, [], 'GET', `/${kv}/metadata/?list=true`);
      for (const path of ['a', 'f/b', 'f/c/d']) await wire.data('POST', `/${kv}/data/${path}`, { data: {} });
      const keys = async (path: string) =>
        (await wire.data<{ keys: string[] }>('GET', `/${kv}/metadata/${path}?list=true`)).keys;
      assert.deepEqual(await keys(''), ['a', 'f/']);
      assert.deepEqual(await keys('f'), ['b', 'c/']);
      await wire.done('DELETE', `/${kv}/data/nope`);
      await wire.done('DELETE', `/${kv}/metadata/nope`);
      await wire.done('POST', `/${kv}/undelete/nope`, { versions: [1] });
      await wire.refused(400, ['No version number provided'], 'POST', `/${kv}/delete/a`, {});
    }),
  },
  {
    name: 'a path of version 1 is 404 with a warning in place of an error',
    quirk: 9,
    source: 'builtin/logical/kv/backend.go',
    run: withWire(async (wire) => {
      const kv = await wire.kv();
      const answer = await wire.send('GET', `/${kv}/foo`);
      assert.equal(answer.status, 404);
      assert.match((answer.json as Envelope).warnings?.[0] ?? '', /^Invalid path for a versioned K\/V/);
    }),
  },
];
