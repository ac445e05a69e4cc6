import type { Directory } from '@drawbridge/directory';
import { readOwner } from '@drawbridge/zitadel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';
import {
  ada,
  call,
  createdRun,
  eventsOf,
  openDirectoryOn,
  openWorld,
  settled,
  type World,
} from './support/world.ts';

describe.each(databases)('provisioning on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    const { location, close } = await kind.location();
    drop = close;
    directory = await openDirectoryOn(world, location, {
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3, patienceMs: 0 },
    });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await world.close();
    await drop();
  });
  afterEach(() => world.emulator.controls.reset());

  const runs = async () =>
    (await directory.database.db.selectFrom('provisioning_runs').select('id').execute()).length;
  const mailFor = (user: string) => ({ ...ada, email: `${user}@north.example` });

  describe('a user created here', () => {
    it('stands in Zitadel, in the right organization, marked as ours, mailed once, with the role', async () => {
      const created = await call(directory, 'root', 'POST', '/api/users', ada);
      expect(created.status).toBe(202);
      const { id: runId } = created.body.run as { id: string };
      expect(created.headers.get('location')).toBe(`/api/runs/${runId}`);
      const run = await settled(directory, runId);
      expect(run.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
        'token done',
        'organization done',
        'zitadel_user done',
        'proof done',
        'memberships done',
        'administrator done',
        'mail done',
        'permissions done',
        'netbird done',
      ]);
      expect(run.state).toBe('done');

      const theirs = await world.zitadel.users.get(run.userId);
      expect(theirs).toMatchObject({
        organizationId: 'org-north',
        username: ada.email,
        state: 'USER_STATE_ACTIVE',
      });
      expect(theirs.human).toMatchObject({
        profile: { givenName: 'Ada', familyName: 'Okafor' },
        email: { email: ada.email },
      });
      const owner = readOwner(await world.zitadel.users.metadata(run.userId));
      expect(owner).toMatchObject({ owner: 'directory', ref: run.userId });
      const [authorization] = await world.zitadel.authorizations.list({ userId: run.userId }).all();
      expect(authorization).toMatchObject({
        organization: { id: 'org-north' },
        project: { id: world.projectId },
        roles: [{ key: 'manager' }],
      });
      expect(world.emulator.mails.filter(({ to }) => to === ada.email)).toHaveLength(1);

      const { body: user } = await call(directory, 'root', 'GET', `/api/users/${run.userId}`);
      expect(user).toMatchObject({
        zitadelUserId: run.userId,
        active: true,
        permissions: [
          'runs.read',
          'self.read',
          'sessions.read',
          'sessions.write',
          'users.read',
          'users.write',
        ],
      });
    });

    it('shares the project grant, which is made once for an organization', async () => {
      const made = () => eventsOf(world, 'project.grant.added').length;
      await settled(directory, await createdRun(directory, mailFor('grant-a')));
      const before = made();
      await settled(directory, await createdRun(directory, mailFor('grant-b')));
      expect(before).toBe(1);
      expect(made()).toBe(1);
    });
  });

  describe('Prefer: wait (RFC 7240)', () => {
    it('answers when the run is over', async () => {
      const answer = await call(directory, 'root', 'POST', '/api/users', mailFor('waited'), {
        prefer: 'respond-async, wait=20',
      });
      expect(answer.headers.get('preference-applied')).toBe('wait=20');
      expect(answer.body).toMatchObject({ run: { state: 'done' }, user: { active: true } });
    });

    it('does not wait longer than asked, nor for a person', async () => {
      world.emulator.controls.latencyMs = 3_000;
      const quick = await call(directory, 'root', 'POST', '/api/users', mailFor('quick'), {
        prefer: 'wait=0',
      });
      expect(['queued', 'running']).toContain((quick.body.run as { state: string }).state);
      world.emulator.controls.latencyMs = 0;
      await settled(directory, (quick.body.run as { id: string }).id);
    });
  });

  describe('Idempotency-Key', () => {
    it('answers the same for the same key, however often and at once', async () => {
      const headers = { 'idempotency-key': 'k1' };
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          call(directory, 'root', 'POST', '/api/users', mailFor('once'), headers),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(answers.map(({ body }) => (body.user as { id: string }).id)).size).toBe(1);
      const runIds = new Set(answers.map(({ body }) => (body.run as { id: string }).id));
      expect(runIds.size).toBe(1);
      await settled(directory, [...runIds][0] ?? '');
      expect(world.emulator.mails.filter(({ to }) => to === 'once@north.example')).toHaveLength(1);
    });

    it('is refused with another request, and belongs to its caller alone', async () => {
      const headers = { 'idempotency-key': 'k2' };
      await call(directory, 'root', 'POST', '/api/users', mailFor('first'), headers);
      const other = await call(directory, 'root', 'POST', '/api/users', mailFor('second'), headers);
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    });

    it('does not remember a request that failed', async () => {
      const headers = { 'idempotency-key': 'k3' };
      const refused = await call(
        directory,
        'root',
        'POST',
        '/api/users',
        { ...mailFor('third'), role: 'king' },
        headers,
      );
      expect(refused.body.code).toBe('role_unknown');
      expect((await call(directory, 'root', 'POST', '/api/users', mailFor('third'), headers)).status).toBe(
        202,
      );
    });
  });

  describe('what is refused before anything is sent to Zitadel', () => {
    it.each([
      ['a second user with the address', { ...ada, email: 'ADA@north.example' }, 409, 'user_exists'],
      [
        'an organization that is not mapped',
        { ...mailFor('x1'), organization: 'unmapped' },
        409,
        'organization_not_mapped',
      ],
      ['an unknown organization', { ...mailFor('x2'), organization: 'nowhere' }, 404, 'not_found'],
      ['an unknown role', { ...mailFor('x3'), role: 'king' }, 400, 'role_unknown'],
    ])('%s', async (_name, body, status, code) => {
      const before = await runs();
      const answer = await call(directory, 'root', 'POST', '/api/users', body);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
      expect(await runs(), 'no run means no call to Zitadel').toBe(before);
    });

    it('names every mistake of a body at once', async () => {
      const answer = await call(directory, 'root', 'POST', '/api/users', {
        organization: 'north',
        email: 'no',
        givenName: '',
        extra: 1,
      });
      expect(answer.status).toBe(400);
      const problems = answer.body.problems as unknown as { field: string }[];
      expect(problems.map(({ field }) => field).toSorted()).toEqual([
        'body',
        'body.email',
        'body.familyName',
        'body.givenName',
      ]);
    });
  });

  describe('when Zitadel does not do as it should', () => {
    it('quarantines a name that a stranger holds, and gives nobody access', async () => {
      const stranger = await world.zitadel.users.create({
        organizationId: 'org-south',
        username: 'taken@north.example',
        human: {
          profile: { givenName: 'S', familyName: 'T' },
          email: { email: 'taken@north.example', isVerified: true },
        },
      });
      const run = await settled(directory, await createdRun(directory, mailFor('taken')));
      expect([run.state, run.code]).toEqual(['quarantined', 'user_foreign']);
      expect(run.reason).toContain(stranger.id);
      expect(await world.zitadel.authorizations.list({ userId: stranger.id }).all()).toEqual([]);
    });

    it('adopts a user of the same organization whose address is verified, and not one whose is not', async () => {
      for (const [name, isVerified] of [
        ['proven', true],
        ['claimed', false],
      ] as const) {
        await world.zitadel.users.create({
          organizationId: 'org-north',
          username: `${name}@north.example`,
          human: {
            profile: { givenName: 'A', familyName: 'B' },
            email: { email: `${name}@north.example`, isVerified },
          },
        });
      }
      const proven = await settled(directory, await createdRun(directory, mailFor('proven')));
      const claimed = await settled(directory, await createdRun(directory, mailFor('claimed')));
      expect([proven.state, claimed.state]).toEqual(['done', 'quarantined']);
      const { body: user } = await call(directory, 'root', 'GET', `/api/users/${proven.userId}`);
      expect(user.zitadelUserId).not.toBe(proven.userId);
    });

    it('takes everything back when a person says so, and the address is free again', async () => {
      // Fails at the authorization, when the user stands in Zitadel already.
      world.emulator.controls.fail({
        match: 'zitadel.authorization.v2.AuthorizationService/CreateAuthorization',
        code: 'permission_denied',
      });
      const id = await createdRun(directory, mailFor('back'));
      const stopped = await settled(directory, id);
      expect([stopped.state, stopped.choices]).toEqual(['attention', ['resume', 'compensate', 'abandon']]);
      expect((await world.zitadel.users.get(stopped.userId)).state).toBe('USER_STATE_ACTIVE');

      const decided = await call(directory, 'root', 'POST', `/api/runs/${id}/compensate`, {
        reason: 'wrong person',
      });
      expect(decided.status).toBe(202);
      await settled(directory, id, ['compensated']);
      expect(await world.zitadel.users.find(stopped.userId)).toBeUndefined();
      expect((await call(directory, 'root', 'GET', `/api/users/${stopped.userId}`)).status).toBe(404);
      world.emulator.controls.reset();
      expect((await settled(directory, await createdRun(directory, mailFor('back')))).state).toBe('done');
    });
  });
});
