import { DrawbridgeError, Secret } from '@drawbridge/kit';
import { createNetbird } from '@drawbridge/netbird';
import { createOpenbao } from '@drawbridge/openbao';
import type { DoctorPatient, OpenbaoPatient } from '@drawbridge/stack';
import { expect, it, onTestFinished } from 'vitest';
import { closedOrigin } from '../../../kit/test/support/loopback.ts';
import { describePlanted, diagnose, isFinding, useWorld } from './planted.ts';

const world = useWorld();

function openbaoWith(planted: Partial<OpenbaoPatient>): Partial<DoctorPatient> {
  const { openbao } = world().patient();
  return { openbao: openbao && { ...openbao, ...planted } };
}

describePlanted(world, [
  {
    fault: 'OpenBao does not run',
    plant: async () => {
      const client = createOpenbao({ url: await closedOrigin(), totalMs: 1_000 });
      onTestFinished(() => client.close());
      return openbaoWith({ client });
    },
    check: 'openbao',
    says: /cannot be reached/,
    remedy: /^start OpenBao, or set OPENBAO_URL/,
  },
  {
    fault: 'OpenBao is sealed',
    plant: () => {
      world().openbaoEmulator.seal();
      onTestFinished(() => world().openbaoEmulator.unseal());
      return {};
    },
    check: 'openbao',
    says: /sealed/,
    remedy: /bao operator unseal/,
  },
  {
    fault: 'OpenBao knows another issuer',
    plant: async () => {
      await world().writeMethod('https://former.acme.example');
      onTestFinished(() => world().writeMethod());
      return {};
    },
    check: 'openbao role',
    says: /takes tokens of https:\/\/former\.acme\.example/,
    remedy: /^drawbridge setup openbao --issuer http:\/\/localhost:\d+$/,
  },
  {
    fault: 'the role of OpenBao is missing',
    plant: () => openbaoWith({ role: 'harmony-operator' }),
    check: 'openbao role',
    says: /has no role harmony-operator/,
    remedy: /^drawbridge setup openbao --role harmony-operator$/,
  },
  {
    fault: 'the JWT method of OpenBao is missing',
    plant: () => openbaoWith({ mount: 'sso' }),
    check: 'openbao role',
    says: /auth\/sso is not set up/,
    remedy: /^drawbridge setup openbao$/,
  },
  {
    fault: 'OpenBao refuses a sign-in for its audience',
    plant: async () => {
      await world().writeRole(['4711']);
      onTestFinished(() => world().writeRole());
      return {};
    },
    check: 'openbao login',
    says: /refuses a sign-in as harmony-developer/,
    remedy: /--audience/,
  },
  {
    fault: 'NetBird does not take the token',
    plant: () => ({
      netbird: async () => world().netbirdOf(new Secret('nbp_0000000000000000000000000000000000000000')),
    }),
    check: 'netbird',
    says: /did not accept the token/,
    remedy: /Make a new token/,
  },
  {
    fault: 'the token of NetBird may not change users',
    plant: async () => {
      const { url, bootstrap } = world().netbirdEmulator;
      const owner = createNetbird({ url, token: bootstrap.token });
      onTestFinished(() => owner.close());
      const { user } = await owner.users.create({ kind: 'service', name: 'reader', role: 'user' });
      const { token } = await owner.tokens.create(user.id, { name: 'doctor', days: 1 });
      return { netbird: async () => world().netbirdOf(token) };
    },
    check: 'netbird',
    says: /.+/,
    remedy: /admin in NetBird/,
  },
  {
    fault: 'NetBird does not run',
    plant: async () => {
      const url = await closedOrigin();
      return { netbird: async () => createNetbird({ url, token: new Secret('nbp_1'), totalMs: 1_000 }) };
    },
    check: 'netbird',
    says: /cannot be reached/,
    remedy: /^start NetBird/,
  },
]);

it('tells of a key file that is gone once, although a machine would sign in at OpenBao with it', async () => {
  const gone = () => Promise.reject(new DrawbridgeError('file_unreadable', { message: 'There is no key.' }));
  const results = await diagnose(world().patient({ loadKey: gone, ...openbaoWith({ jwt: gone }) }));
  expect(results.filter(isFinding)).toEqual([expect.objectContaining({ name: 'key file' })]);
  expect(results.find(({ name }) => name === 'openbao login')).toMatchObject({
    state: 'skip',
    ground: 'key file',
  });
});

it('holds it against no token of a person that it may not read how OpenBao is set up', async () => {
  const { token } = await world().openbao.tokens.create({ policies: ['default'], ttl: '1m' });
  const client = world().openbao.as({ token });
  const results = await diagnose(world().patient(openbaoWith({ client })));
  expect(results.filter(isFinding)).toEqual([]);
  expect(results.find(({ name }) => name === 'openbao role')).toMatchObject({
    state: 'skip',
    text: 'the token may not read the method and role of OpenBao',
  });
  expect(results.find(({ name }) => name === 'openbao login')?.state).toBe('ok');
});

it('signs in at OpenBao for a moment only', async () => {
  const seen = world().openbaoEmulator.events.length;
  await diagnose(world().patient());
  const events = world().openbaoEmulator.events.slice(seen);
  const targets = (type: string) => events.filter((event) => event.type === type).map(({ target }) => target);
  expect(targets('token.create')).toHaveLength(1);
  expect(targets('token.revoke')).toEqual(targets('token.create'));
});
