import { at } from './time.ts';

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

/** It would deactivate nearly all of one organization. */
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

/** What the API answers about sweeps. */
export const sweepAnswers = {
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
};
