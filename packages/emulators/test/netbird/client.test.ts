import { createMemoryIdp, createNetbirdEmulator, type NetbirdEmulator } from '@drawbridge/emulators';
import { Secret } from '@drawbridge/kit';
import { createNetbird, dexUserId, type Netbird } from '@drawbridge/netbird';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ada = { sub: '312', email: 'ada@acme.example', name: 'Ada Acme' };

let emulator: NetbirdEmulator;
let netbird: Netbird;
const idp = createMemoryIdp();

async function begin(options: Parameters<typeof createNetbirdEmulator>[0] = {}): Promise<void> {
  emulator = createNetbirdEmulator(options);
  await emulator.start();
  netbird = createNetbird({ url: emulator.url, token: emulator.bootstrap.token });
}

afterEach(async () => {
  await netbird.close();
  await emulator.stop();
});

describe('the client on an account where people sign in', () => {
  beforeEach(() => begin());

  it('sees a person from the first sign-in on, approves, and gives role and groups', async () => {
    expect(await netbird.users.findBySubject(ada.sub)).toBeUndefined();
    await emulator.firstSignIn(ada);
    const waiting = await netbird.users.findBySubject(ada.sub);
    expect(waiting).toMatchObject({ id: '312', blocked: true, pendingApproval: true, email: ada.email });
    const autoGroups = await netbird.groups.ensure(['engineers', 'berlin']);
    // Role and groups come first: the block stays until the very end.
    const changed = await netbird.users.change('312', { autoGroups, role: 'auditor' });
    expect(changed).toMatchObject({ proved: true, user: { blocked: true, role: 'auditor' } });
    expect(await netbird.users.approve('312')).toMatchObject({ blocked: false, pendingApproval: false });
    expect((await netbird.groups.list()).map(({ name }) => name)).toEqual(['All', 'engineers', 'berlin']);
  });

  it('blocks a person, whose devices have to sign in anew and cannot', async () => {
    await emulator.firstSignIn(ada);
    await netbird.users.approve('312');
    await emulator.connectPeer(ada, 'laptop');
    await netbird.users.block('312');
    const [device] = await netbird.peers.ofUser('312');
    expect(device).toMatchObject({ name: 'laptop', loginExpired: true, connected: false });
    await expect(emulator.connectPeer(ada, 'laptop')).rejects.toThrow('blocked');
    await netbird.users.unblock('312');
    await emulator.connectPeer(ada, 'laptop');
    expect((await netbird.peers.list())[0]?.loginExpired).toBe(false);
    await netbird.peers.remove(device?.id ?? '');
    await netbird.peers.remove(device?.id ?? '');
    expect(await netbird.peers.list()).toEqual([]);
  });

  it('removes users, groups and tokens once, and again without harm', async () => {
    const { user } = await netbird.users.create({ kind: 'service', role: 'auditor', name: 'ci' });
    expect(await netbird.tokens.list(user.id)).toEqual([]);
    const { about, token } = await netbird.tokens.create(user.id, { name: 'ci', days: 30 });
    expect((await netbird.tokens.list(user.id)).map(({ id }) => id)).toEqual([about.id]);
    expect(token.expose()).toMatch(/^nbp_/);
    const [group = ''] = await netbird.groups.ensure(['ci']);
    await netbird.users.change(user.id, { autoGroups: [group] });
    await expect(netbird.groups.remove(group)).rejects.toMatchObject({ code: 'netbird_group_linked' });
    for (const _ of [1, 2]) await netbird.tokens.remove(user.id, about.id);
    for (const _ of [1, 2]) await netbird.users.remove(user.id);
    for (const _ of [1, 2]) await netbird.groups.remove(group);
    expect(await netbird.users.list({ serviceUsers: true })).toHaveLength(1);
  });

  it('takes nothing for removed on the word of a dead token', async () => {
    const { user } = await netbird.users.create({ kind: 'service', role: 'admin', name: 'old' });
    const { token, about } = await netbird.tokens.create(user.id, { name: 'old', days: 1 });
    const old = createNetbird({ url: emulator.url, token });
    await old.users.list();
    await netbird.tokens.remove(user.id, about.id);
    for (const call of [
      () => old.users.remove('312'),
      () => old.groups.remove('x'),
      () => old.peers.remove('x'),
      () => old.tokens.remove(user.id, 'x'),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'netbird_unauthenticated' });
    await old.close();
  });

  it('probes what matters to whoever manages users', async () => {
    expect(await netbird.probe()).toMatchObject({
      role: 'admin',
      mayManageUsers: true,
      account: { approvesUsers: true, propagatesGroups: true, embeddedIdentityProvider: false },
    });
    const { user } = await netbird.users.create({ kind: 'service', role: 'user', name: 'reader' });
    const { token } = await netbird.tokens.create(user.id, { name: 'reader', days: 1 });
    const reader = createNetbird({ url: emulator.url, token });
    expect(await reader.probe()).toMatchObject({ role: 'user', mayManageUsers: false });
    await netbird.users.block(user.id);
    await expect(reader.probe()).rejects.toMatchObject({ code: 'netbird_unauthenticated' });
    await reader.close();
    const stranger = createNetbird({ url: emulator.url, token: new Secret('nbp_wrong') });
    await expect(stranger.probe()).rejects.toMatchObject({ code: 'netbird_unauthenticated' });
    await stranger.close();
  });

  it('refuses people where NetBird has no manager', async () => {
    const person = { kind: 'person', role: 'user', name: 'Ada', email: 'ada@acme.example' } as const;
    await expect(netbird.users.create(person)).rejects.toMatchObject({ code: 'netbird_precondition' });
  });
});

describe('the client on an account with an identity provider manager', () => {
  beforeEach(() =>
    begin({
      idpManager: idp,
      settings: { extra: { peer_approval_enabled: false, user_approval_required: false } },
    }),
  );

  it('cannot make a person whom the provider has', async () => {
    idp.add({ id: '777', email: 'known@acme.example', name: 'Known' });
    const known = { kind: 'person', role: 'user', name: 'Known', email: 'known@acme.example' } as const;
    await expect(netbird.users.create(known)).rejects.toMatchObject({ code: 'user_exists_in_idp' });
    const made = await netbird.users.create({ ...known, email: 'new@acme.example' });
    await expect(netbird.users.invite(made.user.id)).rejects.toMatchObject({ code: 'netbird_precondition' });
  });

  it('keeps a block that it cannot see', async () => {
    idp.add({ id: '778', email: 'seen@acme.example', name: 'Seen' });
    await emulator.firstSignIn({ sub: '778' });
    await emulator.firstSignIn({ sub: '999' }); // of an organization that the manager does not see
    expect(await netbird.users.block('999')).toMatchObject({ proved: false, user: { role: 'user' } });
    await expect(netbird.users.change('999', { role: 'auditor' })).rejects.toMatchObject({
      code: 'netbird_state_hidden',
    });
    expect(emulator.events.findLast(({ target }) => target === '999')).toMatchObject({
      payload: { blocked: true },
    });
    expect(await netbird.users.block('778')).toMatchObject({ proved: true, user: { blocked: true } });
  });
});

describe('the client behind the embedded identity provider', () => {
  beforeEach(() => begin({ identity: 'dex' }));

  it('finds people under their encoded id', async () => {
    const id = await emulator.firstSignIn(ada);
    expect(id).toBe(dexUserId('312', 'zitadel'));
    expect((await netbird.users.findBySubject('312'))?.id).toBe(id);
    await netbird.users.approve(id);
    expect((await netbird.users.block(id)).user.blocked).toBe(true);
    for (const _ of [1, 2]) await netbird.users.remove(id);
    const made = await netbird.users.create({
      kind: 'person',
      role: 'user',
      name: 'L',
      email: 'l@x.example',
    });
    expect(made.password).toBeInstanceOf(Secret);
    expect((await netbird.probe()).account.embeddedIdentityProvider).toBe(true);
  });
});
