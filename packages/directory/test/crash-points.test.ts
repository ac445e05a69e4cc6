import { systemClock } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapOrganization } from '../src/organizations/index.ts';
import { decide } from '../src/saga/index.ts';
import {
  addMembership,
  changeUser,
  createUser,
  inviteUser,
  removeMembership,
  removeUser,
  requestState,
} from '../src/users/index.ts';
import { databases } from './support/databases.ts';
import { openSagaWorld, type SagaWorld } from './support/saga-world.ts';

/** How a run of a saga begins, and what it is about. */
interface Scenario {
  readonly saga: keyof SagaWorld['sagas'];
  /** What has to be there before. @returns what the run's traces in the emulators' logs are recognised by */
  prepare(on: SagaWorld, name: string): Promise<string>;
  start(on: SagaWorld, about: string): Promise<string>;
  /** How the run ends, where it does not simply finish. */
  readonly end?: (point: string) => string;
}

const who = { actor: 'test' };
const id = (on: SagaWorld, slug: string) => on.organizations.get(slug) ?? '';

/** A user of north who has signed in to NetBird once. */
async function someone(on: SagaWorld, name: string): Promise<string> {
  const { userId, runId } = await createUser(on.requests, {
    ...who,
    organizationId: id(on, 'north'),
    email: `${name}@north.example`,
    givenName: 'Some',
    familyName: 'One',
    role: 'user',
  });
  expect(await on.takeOver(runId)).toMatchObject({ state: 'waiting' });
  await on.netbird.firstSignIn({ sub: userId, email: `${name}@north.example` });
  return userId;
}

const scenarios: readonly Scenario[] = [
  {
    saga: 'createUser',
    prepare: async (_on, name) => `${name}@north.example`,
    start: async (on, email) => {
      const request = { ...who, organizationId: id(on, 'north'), email, givenName: 'New', familyName: 'One' };
      return (await createUser(on.requests, { ...request, role: 'manager' })).runId;
    },
    end: () => 'waiting',
  },
  {
    saga: 'changeUser',
    prepare: someone,
    start: async (on, userId) =>
      (await changeUser(on.requests, userId, { familyName: 'Changed', role: 'manager' }, who)).runId,
  },
  {
    saga: 'deactivateUser',
    prepare: someone,
    start: async (on, userId) => (await requestState(on.requests, userId, false, who)).runId,
  },
  {
    saga: 'activateUser',
    prepare: async (on, name) => {
      const userId = await someone(on, name);
      const { runId } = await requestState(on.requests, userId, false, who);
      expect(await on.takeOver(runId)).toMatchObject({ state: 'done' });
      return userId;
    },
    start: async (on, userId) => (await requestState(on.requests, userId, true, who)).runId,
  },
  {
    saga: 'deleteUser',
    prepare: someone,
    start: async (on, userId) => (await removeUser(on.requests, userId, { ...who, reason: 'left' })).runId,
  },
  {
    saga: 'inviteUser',
    prepare: someone,
    start: async (on, userId) => (await inviteUser(on.requests, userId, who)).runId,
    // Whether the mail went out is not known then; a person is asked rather than anybody mailed twice.
    end: (point) => (point === 'mail:recorded' || point === 'mail:called' ? 'attention' : 'done'),
  },
  {
    saga: 'addMembership',
    prepare: someone,
    start: async (on, userId) =>
      (await addMembership(on.requests, userId, id(on, 'south'), 'manager', who)).runId,
  },
  {
    saga: 'removeMembership',
    prepare: async (on, name) => {
      const userId = await someone(on, name);
      const { runId } = await addMembership(on.requests, userId, id(on, 'south'), 'user', who);
      expect(await on.takeOver(runId)).toMatchObject({ state: 'done' });
      return userId;
    },
    start: async (on, userId) => (await removeMembership(on.requests, userId, id(on, 'south'), who)).runId,
  },
  {
    saga: 'mapOrganization',
    prepare: async (on, name) => {
      // Each time to another organization, away from the one before.
      await on.world.zitadel.organizations.create({ organizationId: `org-${name}`, name });
      return `org-${name}`;
    },
    start: async (on, zitadelOrgId) =>
      await mapOrganization(
        on.requests,
        { organizationId: id(on, 'south'), zitadelOrgId },
        { ...who, reason: 'move' },
      ),
  },
];

/** Points of a run that is taken back, the last step first. */
const backward = (on: SagaWorld) => [
  'run:taken',
  ...on.sagas.createUser.steps
    .toReversed()
    .flatMap(({ name }) => [`${name}:compensating`, `${name}:compensated`]),
  'run:finished',
];

describe.each(databases)('a worker that dies, on $name', (kind) => {
  let on: SagaWorld;
  beforeAll(async () => {
    on = await openSagaWorld(kind);
  });
  afterAll(() => on.close());

  /** What happened in both places, and who was mailed, since a moment: kinds and counts, without ids. */
  const since = () => {
    const zitadel = on.world.emulator.events.length;
    const netbird = on.netbird.events.length;
    const mails = on.world.emulator.mails.length;
    return () => {
      const kinds = [
        ...[...on.world.emulator.events].slice(zitadel).map(({ type }) => `zitadel ${type}`),
        ...[...on.netbird.events].slice(netbird).map(({ type }) => `netbird ${type}`),
        ...[...on.world.emulator.mails].slice(mails).map(() => 'mail'),
      ].filter((what) => !/oidc_session|machine\.key|token/.test(what));
      return Object.fromEntries([...Map.groupBy(kinds, (one) => one)].map(([one, all]) => [one, all.length]));
    };
  };

  describe.each(scenarios)('in the middle of $saga', ({ saga, prepare, start, end = () => 'done' }) => {
    let undisturbed: Record<string, number>;
    let points: string[];

    beforeAll(async () => {
      // The first one also makes what later ones find, such as project grants and groups.
      for (const name of ['first', 'whole']) {
        const about = await prepare(on, `${name}-${saga}`.toLowerCase());
        const happened = since();
        const runId = await start(on, about);
        expect(await on.takeOver(runId)).toMatchObject({ state: end('none') });
        undisturbed = happened();
      }
      expect(Object.keys(undisturbed).length).toBeGreaterThan(0);
      const steps = on.sagas[saga].steps.map(({ name }) => name);
      points = [
        'run:taken',
        ...steps.flatMap((step) => ['recorded', 'called', 'done'].map((at) => `${step}:${at}`)),
        'run:finished',
      ];
    });

    it('loses, doubles and mails nothing, wherever it was: another one goes on', {
      timeout: 60_000,
    }, async () => {
      for (const [at, point] of points.entries()) {
        const about = await prepare(on, `${saga}-${at}`.toLowerCase());
        const happened = since();
        const runId = await start(on, about);
        await on.dieAt(runId, point);
        const ended = await on.takeOver(runId);
        expect({ point, state: ended.state }).toEqual({ point, state: end(point) });
        // Before the mail was asked for there is none; a person may ask again.
        const expected = point === 'mail:recorded' && saga === 'inviteUser' ? {} : undisturbed;
        expect({ point, happened: happened() }).toEqual({ point, happened: expected });
      }
    });
  });

  it('while it takes a creation back leaves nobody behind, whoever goes on', {
    timeout: 60_000,
  }, async () => {
    const takenBack = async (name: string, point: string | undefined) => {
      const scenario = scenarios[0];
      if (!scenario) throw new Error('no scenario');
      const email = await scenario.prepare(on, name);
      const runId = await scenario.start(on, email);
      await on.takeOver(runId);
      const happened = since();
      await on.database.transaction((trx) =>
        decide(trx, { send: async () => undefined }, systemClock, runId, {
          decision: 'compensate',
          by: 'root',
          reason: 'test',
        }),
      );
      if (point !== undefined) await on.dieAt(runId, point);
      expect({ point, ...(await on.takeOver(runId)) }).toMatchObject({ point, state: 'compensated' });
      const left = await on.database.db.selectFrom('users').select('id').where('email', '=', email).execute();
      expect(left).toEqual([]);
      return happened();
    };
    const undisturbed = await takenBack('back', undefined);
    expect(undisturbed).toMatchObject({ 'zitadel user.removed': 1 });
    for (const [at, point] of backward(on).entries())
      expect({ point, happened: await takenBack(`back-${at}`, point) }).toEqual({
        point,
        happened: undisturbed,
      });
  });
});
