import { at } from './time.ts';

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

/** What the API answers about imports. */
export const importAnswers = {
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
};
