import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkWish } from '@drawbridge/stack';
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

  it('looks at everything in few calls', async () => {
    const place = await startPlace();
    const wish = everything();
    await place.apply(wish);
    let calls = 0;
    place.setFetch((underlying) => async (input, init) => {
      calls += 1;
      return await underlying(input, init);
    });
    await place.plan(wish);
    // A dozen, and one for the keys of each of four accounts and two applications.
    expect(calls).toBeLessThanOrEqual(20);
  });

  it('is told which address Zitadel does not call, and goes on once it does', async () => {
    const place = await startPlace({ outboundDenyList: ['192.0.2.0/24'] });
    const to = (endpoint: string) =>
      checkWish({ targets: { events: { endpoint, events: ['user.removed'] } } });
    await expect(place.apply(to('http://192.0.2.1/events'))).rejects.toMatchObject({
      code: 'target_denied',
      message: 'Zitadel refuses to call http://192.0.2.1/events.',
    });
    const left = await place.apply(to('http://127.0.0.1/events'));
    expect([told(left), left.notes]).toEqual([[], []]);
    expect(await place.zitadel.actions.listTargets().all()).toHaveLength(1);
  });
});
