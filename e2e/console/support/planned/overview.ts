import { stoppedRun } from './runs.ts';
import { at } from './time.ts';

/** An overview with something of everything. */
export const overview = {
  attention: [
    {
      kind: 'sweep',
      id: 'sweep-braked-8q',
      title: 'A sweep wants to deactivate 36 users',
      since: at(40),
      action: 'decide',
    },
    {
      kind: 'attention',
      id: 'run-stopped-7q2f',
      title: 'create ada@northwind.example stopped',
      since: at(14),
      action: 'decide',
    },
    {
      kind: 'key',
      id: 'key',
      title: 'The key of the directory ends in 6 days',
      since: at(5),
      action: 'rotate',
    },
  ],
  integrations: [
    {
      id: 'i1',
      name: 'zitadel',
      type: 'zitadel',
      reachable: true,
      checkedAt: at(0),
      eventLagMs: 140,
      faultSwitch: null,
      budgetUsed: 0.2,
      keyExpiresAt: at(-8_000),
      code: null,
      message: null,
    },
    {
      id: 'i2',
      name: 'netbird',
      type: 'netbird',
      reachable: false,
      checkedAt: at(0.2),
      eventLagMs: null,
      faultSwitch: null,
      budgetUsed: null,
      keyExpiresAt: null,
      code: 'unreachable',
      message: 'NetBird did not answer.',
    },
    {
      id: 'i3',
      name: 'old answer',
      type: 'zitadel',
      reachable: true,
      checkedAt: at(30),
      eventLagMs: null,
      faultSwitch: null,
      budgetUsed: null,
      keyExpiresAt: null,
      code: null,
      message: null,
    },
  ],
  charts: {
    timeToDeny: Array.from({ length: 40 }, (_, i) => ({
      at: at(i * 240),
      ms: 300 + ((i * 7919) % 4_000) + (i === 7 ? 40_000 : 0),
      id: `deny-${i}`,
    })),
    drift: Array.from({ length: 48 }, (_, i) => ({
      sweep: `s${i}`,
      at: at((48 - i) * 30),
      corrected: i % 5,
      left: i % 3,
      limit: 12,
    })),
    provisioning: Array.from({ length: 24 }, (_, i) => ({
      hour: new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - i * 3_600_000).toISOString(),
      done: (i * 5) % 11,
      waiting: i % 4,
      attention: i % 7 === 0 ? 1 : 0,
      quarantined: i === 3 ? 1 : 0,
    })),
    // By the hour, with three hours in which the receiver was away.
    eventLag: Array.from({ length: 25 }, (_, i) => ({
      at: new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - (24 - i) * 3_600_000).toISOString(),
      p50Ms: 60 + (i % 9) * 10,
      p99Ms: 300 + (i % 13) * 90,
    })).filter((_, i) => i < 8 || i > 10),
  },
  lastRuns: [stoppedRun],
  sync: { lastAt: at(40), nextAt: at(-20), state: 'braked' },
};
