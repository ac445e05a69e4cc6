import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everything, startPlace, told } from './support.ts';

describe('setup of a fresh Zitadel', () => {
  it('makes everything, and the second run has nothing to do', async () => {
    const place = await startPlace();
    const wish = everything();
    const plan = await place.plan(wish);
    expect(told(plan)).toEqual([
      'create project drawbridge',
      'create role admin of drawbridge',
      'create role manager of drawbridge',
      'create role user of drawbridge',
      'create application drawbridge/command',
      'create application drawbridge/directory-api',
      'create key of application drawbridge/directory-api',
      'create application drawbridge/console',
      'create application drawbridge/management',
      'create application drawbridge/openbao',
      'create secret of application drawbridge/openbao',
      'create application drawbridge/token-review',
      'create key of application drawbridge/token-review',
      'create account directory',
      'create roles of account directory over the instance',
      'create key of account directory',
      'create account apiserver',
      'create roles of account apiserver over the instance',
      'create key of account apiserver',
      'create account controller',
      'create roles of account controller over the instance',
      'create key of account controller',
      'create account actions-server',
      'create roles of account actions-server over the instance',
      'create key of account actions-server',
      'create target actions',
      'create target claims',
      'create file with the signing keys of targets',
      'update token lifetimes of the instance',
    ]);
    const left = await place.apply(wish);
    expect([told(left), left.foreign, left.notes]).toEqual([[], [], []]);
    const again = await place.plan(wish);
    expect(told(again)).toEqual([]);
    expect([...again.present.applications.keys()]).toHaveLength(6);
  });

  it('S13 keeps each key in a file for its owner alone', async () => {
    const place = await startPlace();
    await place.apply(everything());
    const files = await readdir(place.folder);
    expect(files.toSorted()).toEqual([
      'account-actions-server.json',
      'account-apiserver.json',
      'account-controller.json',
      'account-directory.json',
      'application-drawbridge-directory-api.json',
      'application-drawbridge-openbao.secret',
      'application-drawbridge-token-review.json',
      'signing-keys',
    ]);
    for (const file of files) expect((await stat(join(place.folder, file))).mode & 0o777).toBe(0o600);
    const key = JSON.parse(await readFile(join(place.folder, 'account-directory.json'), 'utf8')) as object;
    expect(key).toMatchObject({ type: 'serviceaccount', userId: 'drawbridge-directory' });
  });
});
