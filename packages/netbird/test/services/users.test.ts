import { dexUserId, type UserBody } from '@drawbridge/netbird';
import { describe, expect, it } from 'vitest';
import { refusal, type Sent, standIn, userBody } from '../support/stand-in.ts';

const self = userBody({ id: 'svc', is_service_user: true, is_current: true, role: 'admin' });

/** A server that keeps users: lists and replaces them. */
function keeping(...users: readonly UserBody[]) {
  const rows = new Map(users.map((user) => [user.id, user]));
  return (sent: Sent) => {
    if (sent.method === 'GET') return [self, ...rows.values()];
    const id = decodeURIComponent(sent.path.split('/')[3] ?? '');
    const row = rows.get(id);
    if (!row) return refusal(404, `user: ${id.toLowerCase()} not found`);
    const { role, auto_groups, is_blocked = false } = sent.body as Partial<UserBody>;
    const next = userBody({ ...row, role: role ?? '', auto_groups: auto_groups ?? [] });
    // What is hidden stays hidden: defaults.
    rows.set(id, row.issued === '' ? next : { ...next, is_blocked });
    return userBody({ id });
  };
}

const puts = (sent: readonly Sent[]) => sent.filter(({ method }) => method === 'PUT').map(({ body }) => body);

describe('finding users', () => {
  it('finds a Zitadel user under the plain id and under that of a connector', async () => {
    const plain = standIn(keeping(userBody({ id: '312' })));
    expect((await plain.netbird.users.findBySubject('312'))?.id).toBe('312');
    const id = dexUserId('312', 'zitadel');
    const dex = standIn(keeping(userBody({ id })));
    expect(await dex.netbird.users.findBySubject('312')).toMatchObject({
      id,
      subject: { subject: '312', connectorId: 'zitadel' },
    });
    expect(await dex.netbird.users.findBySubject('313')).toBeUndefined();
  });

  it('takes no user of another connector for ours, and no service user', async () => {
    const other = keeping(userBody({ id: dexUserId('312', 'google') }));
    const picky = standIn(other, { connectorIds: ['zitadel'] });
    expect(await picky.netbird.users.findBySubject('312')).toBeUndefined();
    const service = standIn(keeping(userBody({ id: '312', is_service_user: true })));
    expect(await service.netbird.users.findBySubject('312')).toBeUndefined();
  });

  it('refuses to choose between two', async () => {
    const { netbird } = standIn(keeping(userBody({ id: '312' }), userBody({ id: dexUserId('312', 'x') })));
    await expect(netbird.users.findBySubject('312')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('concludes nothing from the list of somebody who sees only itself', async () => {
    const { netbird } = standIn(() => [userBody({ id: '312', is_current: true })]);
    await expect(netbird.users.find('313')).rejects.toMatchObject({ code: 'netbird_forbidden' });
    await expect(netbird.users.list({ serviceUsers: true })).rejects.toMatchObject({
      code: 'netbird_forbidden',
    });
  });
});

describe('changing users', () => {
  it('always sends all three settings, so that nothing left out unblocks', async () => {
    const { netbird, sent } = standIn(
      keeping(userBody({ id: '312', is_blocked: true, auto_groups: ['g1'], role: 'auditor' })),
    );
    const done = await netbird.users.change('312', { autoGroups: ['g2'] });
    expect(puts(sent)).toEqual([{ role: 'auditor', auto_groups: ['g2'], is_blocked: true }]);
    expect(done).toMatchObject({ changed: true, proved: true, user: { blocked: true, autoGroups: ['g2'] } });
  });

  it('sends nothing where nothing changes', async () => {
    const { netbird, sent } = standIn(keeping(userBody({ id: '312', auto_groups: ['a', 'b'] })));
    const done = await netbird.users.change('312', { autoGroups: ['b', 'a'], blocked: false });
    expect(done.changed).toBe(false);
    expect(puts(sent)).toEqual([]);
  });

  it('blocks and unblocks', async () => {
    const { netbird } = standIn(keeping(userBody({ id: '312' })));
    expect((await netbird.users.block('312')).user.blocked).toBe(true);
    expect((await netbird.users.unblock('312')).user.blocked).toBe(false);
  });

  it('changes nothing that would have to guess whether a user is blocked', async () => {
    const { netbird, sent } = standIn(keeping(userBody({ id: '312', issued: '' })));
    expect((await netbird.users.find('312'))?.blocked).toBeUndefined();
    await expect(netbird.users.change('312', { role: 'admin' })).rejects.toMatchObject({
      code: 'netbird_state_hidden',
    });
    expect(puts(sent)).toEqual([]);
    // Said explicitly it goes out each time, since nobody can tell whether it holds already.
    for (const _ of [1, 2])
      expect(await netbird.users.block('312')).toMatchObject({ changed: true, proved: false });
    expect(puts(sent)).toHaveLength(2);
  });

  it('does not believe a change that it cannot read back', async () => {
    const { netbird } = standIn((sent) => (sent.method === 'GET' ? [self, userBody({ id: '312' })] : {}));
    await expect(netbird.users.block('312')).rejects.toMatchObject({ code: 'netbird_not_applied' });
    await expect(netbird.users.change('313', { blocked: true })).rejects.toMatchObject({
      code: 'netbird_not_found',
    });
  });
});

describe('making and removing users', () => {
  it('keeps a password secret', async () => {
    const { netbird } = standIn(() => userBody({ id: 'x', password: 'Correct-Horse1' }));
    const made = await netbird.users.create({
      kind: 'person',
      role: 'user',
      name: 'A',
      email: 'a@x.example',
    });
    expect(made.password?.expose()).toBe('Correct-Horse1');
    expect(JSON.stringify(made)).not.toContain('Correct-Horse1');
  });

  it('takes "not found" of the very user for removed, and no other 404', async () => {
    const id = dexUserId('312', 'zitadel');
    const gone = standIn(() => refusal(404, `user: ${id.toLowerCase()} not found`));
    await gone.netbird.users.remove(id);
    for (const text of ['invalid token: pat: abc not found', 'account not found: x']) {
      const { netbird } = standIn(() => refusal(404, text));
      await expect(netbird.users.remove('312')).rejects.toBeInstanceOf(Error);
    }
  });

  it('encodes ids, and refuses such as would be another path', async () => {
    const { netbird, sent } = standIn(() => ({}));
    await netbird.users.remove('a/b?c');
    expect(sent[0]?.path).toBe('/api/users/a%2Fb%3Fc');
    for (const id of ['', '.', '..']) {
      await expect(netbird.users.remove(id)).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });
});
