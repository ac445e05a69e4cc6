import type { BrowserContext } from 'playwright-core';

const minute = 60_000;
const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * minute).toISOString();

const sweep = {
  organizationId: null,
  cause: 'timer',
  requestedBy: 'timer',
  canary: 'ok',
  usersRead: 412,
  activated: 0,
  deactivated: 0,
  corrected: 1,
  skipped: 0,
  held: 0,
  brakeLimit: 20,
  code: null,
  reason: null,
  decidedBy: null,
  decidedAt: null,
  decisionReason: null,
  startedAt: at(40),
  finishedAt: at(39),
};
export const brakedSweep = {
  ...sweep,
  id: 'sweep-braked-8q',
  state: 'braked',
  held: 36,
  code: 'sweep_braked',
  reason: 'More users than the brake allows.',
  organizations: [
    { id: 'o1', slug: 'northwind', name: 'Northwind', active: 36, wouldGo: 34, limit: 18, says: 'not_found' },
    { id: 'o2', slug: 'fabrikam', name: 'Fabrikam', active: 110, wouldGo: 2, limit: 55, says: 'inactive' },
  ],
};

const person = (index: number) => ({
  id: `user-${index}`,
  organizationId: 'o1',
  zitadelUserId: `user-${index}`,
  email: `person${index}@northwind.example`,
  givenName: 'Person',
  familyName: String(index),
  active: true,
  state: (
    ['active', 'waiting', 'locked', 'attention', 'quarantined', 'inactive_elsewhere', 'not_set_up'] as const
  )[index % 7],
  zitadelState: index % 5 === 0 ? 'inactive' : 'active',
  netbirdState: 'active',
  netbirdSeenAt: at(index),
  permissions: [],
  memberships: [],
  lastRun: null,
  version: 1,
  createdAt: at(index),
  updatedAt: at(index),
});

/** A page of many users, in every state there is. */
export const manyUsers = (count: number) => ({
  items: Array.from({ length: count }, (_, index) => person(index)),
  next: null,
  total: count,
});

export const stoppedRun = {
  id: 'run-stopped-7q2f',
  saga: 'create-user',
  title: 'create ada@northwind.example',
  batchId: null,
  organizationId: 'o1',
  userId: null,
  state: 'attention',
  code: 'project_not_granted',
  reason: 'The application project has no grant for Northwind.',
  requestedBy: 'ben',
  choices: ['resume', 'compensate', 'abandon'],
  createdAt: at(14),
  updatedAt: at(13),
  finishedAt: null,
  steps: ['token', 'organization', 'zitadel user', 'memberships', 'mail', 'permissions', 'netbird'].map(
    (title, index) => ({
      name: title,
      title,
      place: index < 5 ? 'zitadel' : 'here',
      state: index < 3 ? 'done' : index === 3 ? 'attention' : 'pending',
      attempts: index < 3 ? 1 : index === 3 ? 6 : 0,
      detail: index < 3 ? 'as asked' : null,
      code: index === 3 ? 'project_not_granted' : null,
      error: index === 3 ? 'Zitadel: project is not granted' : null,
      nextTryAt: null,
      startedAt: index < 4 ? at(14) : null,
      finishedAt: index < 4 ? at(13.9) : null,
      idempotencyKey: index === 2 ? 'user/314159265358' : null,
      undo: index === 2 ? 'deletes Zitadel user 314159265358' : null,
    }),
  ),
};

const overview = {
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
    eventLag: Array.from({ length: 90 }, (_, i) => ({
      at: at((90 - i) * 15 + (i < 40 ? 90 : 0)),
      p50Ms: 60 + (i % 9) * 10,
      p99Ms: 300 + (i % 13) * 90,
    })),
  },
  lastRuns: [stoppedRun],
  sync: { lastAt: at(40), nextAt: at(-20), state: 'braked' },
};

const found = {
  organizationId: 'o1',
  fileName: 'people.csv',
  requestedBy: 'ben',
  total: 1_204,
  plan: { create: 1_187, change: 3, same: 12, refuse: 2 },
  mails: 1_187,
  outcome: { done: 600, waiting: 11, attention: 1, failed: 0, running: 4 },
  ratePerSecond: 4.9,
  leftMs: 120_000,
  createdAt: at(9),
  startedAt: at(8),
  finishedAt: null,
};
const imports = [
  { ...found, id: 'import-running', state: 'running' },
  { ...found, id: 'import-checked', state: 'checked', startedAt: null },
];

const bodies: Readonly<Record<string, unknown>> = {
  '/api/overview': overview,
  '/api/sweeps': { items: [brakedSweep, { ...sweep, id: 'sweep-done-7p', state: 'done' }], next: null },
  [`/api/sweeps/${brakedSweep.id}`]: brakedSweep,
  [`/api/sweeps/${brakedSweep.id}/items`]: {
    items: Array.from({ length: 36 }, (_, i) => ({
      userId: `user-${i}`,
      organizationId: 'o1',
      name: `Person ${i}`,
      email: `person${i}@northwind.example`,
      kind: 'deactivate',
      state: 'held',
      was: 'active',
      says: 'not_found',
      detail: null,
    })),
    next: null,
  },
  [`/api/runs/${stoppedRun.id}`]: stoppedRun,
  '/api/imports': { items: imports, next: null },
  '/api/imports/import-running': imports[0],
  '/api/imports/import-checked': imports[1],
  '/api/imports/import-checked/rows': {
    items: [
      {
        row: 88,
        plan: 'refuse',
        state: null,
        email: 'ada@northwind',
        field: 'email',
        code: 'invalid',
        message: 'not a mail address',
      },
      { row: 89, plan: 'create', state: 'planned', email: 'ben@northwind.example' },
    ],
    next: null,
  },
  '/api/imports/import-running/rows': { items: [], next: null },
  '/api/service-accounts': {
    items: [
      {
        id: 'drawbridge-directory',
        name: 'Drawbridge directory',
        state: 'active',
        roles: { has: ['IAM_USER_MANAGER', 'IAM_OWNER'], needs: ['IAM_USER_MANAGER'] },
        keys: [
          { id: 'key-271828', createdAt: at(500_000), expiresAt: at(-8_000) },
          { id: 'key-314159', createdAt: at(5_000), expiresAt: at(-80_000) },
        ],
        lastUsedAt: at(4),
      },
    ],
  },
  '/api/settings': {
    items: [
      {
        key: 'sync.intervalMinutes',
        value: 30,
        default: 30,
        source: 'default',
        effect: 'Who is deactivated at Zitadel is inactive here after 30 min at latest.',
      },
      {
        key: 'sync.brakeOn',
        value: true,
        default: true,
        source: 'page',
        effect: 'A sweep of 412 users stops at 20.',
        updatedBy: 'ben',
        updatedAt: at(600),
      },
      {
        key: 'sync.conflictRule',
        value: 'zitadel',
        default: 'zitadel',
        source: 'environment',
        variable: 'DRAWBRIDGE_CONFLICT_RULE',
        effect: 'Where the places differ, Zitadel is right.',
      },
    ],
  },
  '/api/integrations': {
    items: [
      {
        id: 'i1',
        name: 'zitadel',
        type: 'zitadel',
        issuer: 'https://sso.acme.example',
        projectId: 'drawbridge',
        clientId: '3141',
        secretsChangedAt: at(4_000),
        secretsChangedBy: 'ben',
      },
    ],
  },
  '/api/integrations/i1/health': overview.integrations[0],
  '/api/integrations/test': {
    checks: [
      { name: 'discovery', mark: 'ok', saw: 'https://sso.acme.example answers', means: null, fix: null },
      {
        name: 'key',
        mark: 'warn',
        saw: 'ends in 6 days',
        means: 'provisioning stops then',
        fix: 'drawbridge setup zitadel --rotate-key',
      },
      {
        name: 'clock',
        mark: 'fail',
        saw: '94 s ahead',
        means: 'every assertion is refused',
        fix: 'sudo timedatectl set-ntp true',
      },
    ],
    roles: { has: ['IAM_USER_MANAGER'], needs: ['IAM_USER_MANAGER'], missing: [], wanted: [] },
  },
};

/** Answers the API with states that are hard to bring about; what is not planned goes to the server. */
export async function planAnswers(
  context: BrowserContext,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const all = { ...bodies, ...more };
  await context.route('**/api/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (Object.hasOwn(all, pathname)) await route.fulfill({ json: all[pathname] });
    else await route.continue();
  });
}
