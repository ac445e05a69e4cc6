import { at } from './time.ts';

const refused = {
  system: 'zitadel',
  method: 'POST',
  path: '/zitadel.authorization.v2.AuthorizationService/CreateAuthorization',
  status: 400,
  ms: 188,
  request: '{"userId":"314159265358","projectId":"271828","organizationId":"161803","roleKeys":["manager"]}',
  reply: '{"code":"failed_precondition","message":"project is not granted"}',
};

/** It has no project grant at its fourth step, and waits for a person. */
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
  decision: { decision: 'resume', by: 'cy', at: at(13.5), reason: 'the grant was to be there by now' },
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
      attemptsAllowed: 6,
      exchanges: index === 3 ? [refused] : [],
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
