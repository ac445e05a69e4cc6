import { join } from 'node:path';
import { createZitadelEmulator } from '@drawbridge/emulators';
import { Secret } from '@drawbridge/kit';
import { createZitadel, parseServiceAccount, ZitadelError } from '@drawbridge/zitadel';
import { expect, it, onTestFinished } from 'vitest';
import { closedOrigin } from '../../../kit/test/support/loopback.ts';
import { firingCheck } from '../../src/doctor/targets.ts';
import { instead, showing } from './instead.ts';
import { describePlanted, diagnose, useWorld } from './planted.ts';

const world = useWorld();

describePlanted(world, [
  {
    fault: 'a target does not answer',
    plant: async () => {
      await world().zitadel.actions.updateTarget(world().targetId, {
        endpoint: `${await closedOrigin()}/webhooks`,
      });
      onTestFinished(() =>
        world().zitadel.actions.updateTarget(world().targetId, {
          endpoint: `${world().directory.url}/webhooks`,
        }),
      );
      return { mayProbe: false };
    },
    check: 'targets',
    state: 'warn',
    says: /target drawbridge-directory is not reached from here/,
    remedy: /^start what listens at /,
  },
  {
    fault: 'a target is in no execution',
    plant: async () => {
      await world().zitadel.actions.setExecution({ event: { event: 'target.changed' } }, []);
      onTestFinished(() =>
        world().zitadel.actions.setExecution({ event: { event: 'target.changed' } }, [world().targetId]),
      );
      return { mayProbe: false };
    },
    check: 'targets',
    state: 'warn',
    says: /is in no execution/,
    remedy: /start drawbridge serve again/,
  },
  {
    fault: 'a target is this machine, to a Zitadel elsewhere',
    plant: () => showing(world(), { days: 90 }),
    check: 'targets',
    says: /target drawbridge-directory is http:\/\/127\.0\.0\.1/,
    remedy: /DRAWBRIDGE_EVENTS_URL/,
  },
  {
    fault: "Zitadel's deny list names a target",
    plant: () => ({
      zitadel: async () => ({
        ...world().zitadel,
        actions: {
          ...world().zitadel.actions,
          updateTarget: async () => {
            throw new ZitadelError('zitadel_invalid_argument', { id: 'COMMAND-jKbbu2' });
          },
        },
      }),
    }),
    check: 'events',
    says: /refuses to call http/,
    remedy: /ZITADEL_EXECUTIONS_DENYLIST/,
  },
  {
    fault: 'events do not arrive at the directory',
    plant: () => {
      const count = world().directory.answers.get('/metrics');
      world().directory.answers.set('/metrics', 'drawbridge_events_received_total{outcome="refused"} 7\n');
      onTestFinished(() => {
        world().directory.answers.set('/metrics', count);
      });
      return { probeMs: 300 };
    },
    check: 'events',
    says: /did not arrive within 0\.3 s/,
    remedy: /refused webhooks/,
  },
  {
    fault: 'the directory does not run',
    plant: async () => ({ directory: await closedOrigin(), mayProbe: false }),
    check: 'directory',
    says: /cannot be reached/,
    remedy: /^start drawbridge serve/,
  },
  {
    fault: 'the directory is not ready',
    plant: () =>
      instead(world(), '/readyz', () =>
        Response.json({ status: 'not ready', checks: { database: 'failed' } }, { status: 503 }),
      ),
    check: 'directory',
    says: /is not ready: database/,
    remedy: /readiness check failed/,
  },
  {
    fault: 'the database does not answer',
    plant: async () => ({
      databaseUrl: new Secret(`postgres://drawbridge:hush@${new URL(await closedOrigin()).host}/drawbridge`),
    }),
    check: 'database',
    says: /does not answer \(ECONNREFUSED\)/,
    remedy: /start PostgreSQL, or correct DATABASE_URL/,
  },
]);

it('writes nothing into Zitadel unless it may cause events, and then leaves the target as it was', async () => {
  const target = () => world().zitadel.actions.getTarget(world().targetId);
  const before = await target();
  const changes = () => [...world().emulator.events].filter(({ type }) => type === 'target.changed').length;
  const count = changes();
  await diagnose(world().patient({ mayProbe: false }));
  expect(changes()).toBe(count);
  await diagnose(world().patient());
  expect(changes()).toBeGreaterThan(count);
  expect({ ...(await target()), signingKey: undefined }).toEqual({ ...before, signingKey: undefined });
});

it('finds the deny list that Zitadel has, by what it says of its own target', async () => {
  const dataDir = join(world().folder, 'denying');
  // The target is from before there was a list; the list is Zitadel's own, which names this machine.
  const former = createZitadelEmulator({ dataDir, outboundDenyList: [] });
  await former.start();
  const credentials = parseServiceAccount(JSON.stringify(former.bootstrap.serviceAccountKey));
  const first = createZitadel({ issuer: former.issuer, credentials });
  const endpoint = `${world().directory.url}/webhooks`;
  await first.actions.createTarget({
    name: 'drawbridge-directory-old',
    endpoint,
    kind: 'webhook',
    timeoutMs: 5_000,
  });
  await first.close();
  await former.stop();
  const present = createZitadelEmulator({ dataDir });
  await present.start();
  onTestFinished(() => present.stop());
  const zitadel = createZitadel({ issuer: present.issuer, credentials });
  onTestFinished(() => zitadel.close());
  const finding = await firingCheck.run(
    world().patient({ issuer: present.issuer, zitadel: async () => zitadel }),
  );
  expect(finding).toMatchObject({
    state: 'fail',
    fix: expect.stringContaining('ZITADEL_EXECUTIONS_DENYLIST'),
  });
});
