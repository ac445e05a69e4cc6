/** What a request of the matrix is made about. */
export interface Target {
  /** The directory's id of a user of north, and Zitadel's. */
  readonly userId: string;
  readonly zitadelUserId: string;
  readonly email: string;
  /** A session of that user in Zitadel. */
  readonly sessionId: string;
  /** A run of north that waits for a decision. */
  readonly runId: string;
  /** An import of north after its dry run. */
  readonly importId: string;
  readonly projectId: string;
  readonly organizationId: string;
  /** Something of this call's own. */
  readonly fresh: string;
}

export interface Asked {
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How each caller is answered, for a request that is about north. Nobody at all gets 401 (open: what everybody gets). */
export interface Row {
  readonly access: string;
  readonly ask: (target: Target) => Asked;
  /** Roles of north, in the order user, manager, admin. */
  readonly own: readonly [user: number, manager: number, admin: number];
  /** A site administrator in site administration. */
  readonly site: number;
  /** South's admin. */
  readonly foreign: number;
}

type Ask = string | ((target: Target) => Asked);
const asking = (ask: Ask) => (typeof ask === 'string' ? () => ({ path: ask }) : ask);

/** Demands nothing; each is answered alike. */
const open = (status: number, ask: Ask): Row => ({
  access: 'open',
  ask: asking(ask),
  own: [status, status, status],
  site: status,
  foreign: status,
});
/** For whoever is signed in. */
const signedIn = (status: number, ask: Ask): Row => ({ ...open(status, ask), access: 'signed-in' });
/** For site administrators. */
const site = (status: number, ask: Ask): Row => ({
  access: 'site',
  ask: asking(ask),
  own: [403, 403, 403],
  site: status,
  foreign: 403,
});
/** For those of the roles that are let in; strangers learn nothing. */
const within = (access: string, roles: 'managers' | 'admins', status: number, ask: Ask): Row => ({
  access,
  ask: asking(ask),
  own: [403, roles === 'managers' ? status : 403, status],
  site: status,
  foreign: 404,
});

const json = (path: string, body: unknown): Asked => ({ path, body });
const reason = { reason: 'matrix' };
const names = { givenName: 'G', familyName: 'F' };

/** Every route of the server. A new one fails the matrix until it stands here. */
export const accessTable: Readonly<Record<string, Row>> = {
  'GET /': open(200, '/'),
  'GET /auth/sign-in': open(302, '/auth/sign-in'),
  'GET /auth/callback': open(401, '/auth/callback?state=x&code=y'),
  'GET /auth/signed-out': open(200, '/auth/signed-out'),
  'POST /auth/sign-out': open(200, '/auth/sign-out'),
  'POST /auth/back-channel-logout': open(400, () => ({
    path: '/auth/back-channel-logout',
    body: 'logout_token=x',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })),
  'GET /api/openapi.json': open(200, '/api/openapi.json'),

  'GET /api/me': signedIn(200, '/api/me'),
  'GET /api/me/sessions': signedIn(200, '/api/me/sessions'),
  // Another one's session is not there, whoever asks.
  'DELETE /api/me/sessions/:sessionId': signedIn(404, ({ sessionId }) => ({
    path: `/api/me/sessions/${sessionId}`,
  })),
  'GET /api/me/devices': signedIn(200, '/api/me/devices'),
  'POST /api/me/acting': site(200, () => json('/api/me/acting', { organization: 'north', ...reason })),
  'DELETE /api/me/acting': site(200, '/api/me/acting'),
  'GET /api/events': {
    ...within('signed-in', 'admins', 200, '/api/events?organization=north'),
    own: [200, 200, 200],
  },
  'GET /api/roles': signedIn(200, '/api/roles'),

  'GET /api/organizations': signedIn(200, '/api/organizations'),
  'POST /api/organizations': site(201, ({ fresh }) =>
    json('/api/organizations', { slug: `o-${fresh}`, name: fresh }),
  ),
  'GET /api/organizations/:id': within('users.read', 'managers', 200, '/api/organizations/north'),
  'PATCH /api/organizations/:id': within('settings.write', 'admins', 200, () =>
    json('/api/organizations/north', { name: 'north', ...reason }),
  ),
  'GET /api/integrations': site(200, '/api/integrations'),
  'POST /api/integrations/test': site(200, () =>
    json('/api/integrations/test', { type: 'netbird', issuer: 'http://127.0.0.1:1', token: 'none' }),
  ),
  'POST /api/integrations': site(201, ({ fresh }) =>
    json('/api/integrations', {
      type: 'netbird',
      name: fresh,
      issuer: 'http://127.0.0.1:1',
      token: 'env:NONE',
      ...reason,
    }),
  ),
  'PUT /api/integrations/:id': site(404, ({ fresh }) =>
    json(`/api/integrations/${fresh}`, {
      type: 'netbird',
      name: fresh,
      issuer: 'http://127.0.0.1:1',
      ...reason,
    }),
  ),
  'DELETE /api/integrations/:id': site(404, ({ fresh }) =>
    json(`/api/integrations/${fresh}`, { name: fresh, ...reason }),
  ),
  'GET /api/integrations/:id/health': site(404, ({ fresh }) => ({
    path: `/api/integrations/${fresh}/health`,
  })),

  'GET /api/overview': within('users.read', 'managers', 200, '/api/overview?organization=north'),
  'GET /api/service-accounts': within(
    'accounts.read',
    'admins',
    200,
    '/api/service-accounts?organization=north',
  ),
  'POST /api/service-accounts/:id/keys': within('accounts.write', 'admins', 404, ({ fresh }) => ({
    path: `/api/service-accounts/${fresh}/keys?organization=north`,
  })),
  'DELETE /api/service-accounts/:id/keys/:keyId': within('accounts.write', 'admins', 404, ({ fresh }) =>
    json(`/api/service-accounts/${fresh}/keys/${fresh}?organization=north`, reason),
  ),

  'GET /api/zitadel/organizations': site(200, '/api/zitadel/organizations'),
  'GET /api/zitadel/org-mapping': site(200, '/api/zitadel/org-mapping'),
  // Two at once about one organization would be a conflict: each is waited for.
  'POST /api/zitadel/org-mapping': site(202, () => ({
    ...json('/api/zitadel/org-mapping', { organization: 'north', zitadelOrgId: 'org-north', ...reason }),
    headers: { prefer: 'wait=20' },
  })),

  'GET /api/users': within('users.read', 'managers', 200, '/api/users?organization=north'),
  'POST /api/users': within('users.write', 'managers', 202, ({ fresh }) =>
    json('/api/users', { organization: 'north', email: `${fresh}@n.example`, ...names }),
  ),
  'POST /api/users/bulk': within('users.write', 'managers', 202, ({ userId }) =>
    json('/api/users/bulk', { organization: 'north', action: 'deactivate', ids: [userId], ...reason }),
  ),
  'GET /api/users/:id': within('users.read', 'managers', 200, ({ userId }) => ({
    path: `/api/users/${userId}`,
  })),
  'PATCH /api/users/:id': within('users.write', 'managers', 202, ({ userId }) =>
    json(`/api/users/${userId}`, { givenName: 'New' }),
  ),
  'DELETE /api/users/:id': within('users.write', 'managers', 202, ({ userId }) =>
    json(`/api/users/${userId}`, reason),
  ),
  'GET /api/users/:id/export': within('settings.write', 'admins', 200, ({ userId }) => ({
    path: `/api/users/${userId}/export`,
  })),
  'POST /api/users/:id/erasure': within('settings.write', 'admins', 202, ({ userId, email }) =>
    json(`/api/users/${userId}/erasure`, { email, ...reason }),
  ),
  'POST /api/users/:id/invitation': within('users.write', 'managers', 202, ({ userId }) => ({
    path: `/api/users/${userId}/invitation`,
  })),
  'GET /api/users/:id/places': within('users.read', 'managers', 200, ({ userId }) => ({
    path: `/api/users/${userId}/places`,
  })),
  'GET /api/users/:id/history': within('users.read', 'managers', 200, ({ userId }) => ({
    path: `/api/users/${userId}/history`,
  })),
  'GET /api/users/:id/devices': within('users.read', 'managers', 200, ({ userId }) => ({
    path: `/api/users/${userId}/devices`,
  })),
  'GET /api/users/:id/sessions': within('sessions.read', 'managers', 200, ({ userId }) => ({
    path: `/api/users/${userId}/sessions`,
  })),
  'DELETE /api/users/:id/sessions': within('sessions.write', 'managers', 200, ({ userId }) => ({
    path: `/api/users/${userId}/sessions`,
  })),
  'DELETE /api/users/:id/sessions/:sessionId': within(
    'sessions.write',
    'managers',
    200,
    ({ userId, sessionId }) => ({ path: `/api/users/${userId}/sessions/${sessionId}` }),
  ),
  'POST /api/zitadel/users/:id/activate': within('users.write', 'managers', 202, ({ userId }) =>
    json(`/api/zitadel/users/${userId}/activate`, {}),
  ),
  'POST /api/zitadel/users/:id/deactivate': within('users.write', 'managers', 202, ({ userId }) =>
    json(`/api/zitadel/users/${userId}/deactivate`, reason),
  ),
  'POST /api/zitadel/projects/:id/members': within('users.write', 'managers', 202, (target) =>
    json(`/api/zitadel/projects/${target.projectId}/members`, {
      organization: 'north',
      userId: target.userId,
      role: 'user',
    }),
  ),
  // Nobody leaves the organization they are at home in: let in, and told so.
  'DELETE /api/zitadel/projects/:id/members/:userId': within('users.write', 'managers', 409, (target) => ({
    path: `/api/zitadel/projects/${target.projectId}/members/${target.userId}?organization=north`,
  })),

  'POST /api/imports': within('users.write', 'managers', 202, ({ fresh }) => ({
    path: '/api/imports?organization=north',
    body: `email,given_name,family_name,role\n${fresh}@i.example,G,F,user\n`,
    headers: { 'content-type': 'text/csv' },
  })),
  'GET /api/imports': within('users.read', 'managers', 200, '/api/imports?organization=north'),
  'GET /api/imports/:id': within('users.read', 'managers', 200, ({ importId }) => ({
    path: `/api/imports/${importId}`,
  })),
  'GET /api/imports/:id/rows': within('users.read', 'managers', 200, ({ importId }) => ({
    path: `/api/imports/${importId}/rows`,
  })),
  'GET /api/imports/:id/results.csv': within('users.read', 'managers', 200, ({ importId }) => ({
    path: `/api/imports/${importId}/results.csv`,
  })),
  'POST /api/imports/:id/start': within('users.write', 'managers', 202, ({ importId }) =>
    json(`/api/imports/${importId}/start`, { skipRefused: true }),
  ),
  // It has not begun: let in, and told so.
  'POST /api/imports/:id/stop': within('users.write', 'managers', 409, ({ importId }) => ({
    path: `/api/imports/${importId}/stop`,
  })),

  'GET /api/runs': within('runs.read', 'managers', 200, '/api/runs?organization=north'),
  'GET /api/runs/:id': within('runs.read', 'managers', 200, ({ runId }) => ({ path: `/api/runs/${runId}` })),
  'POST /api/runs/:id/:decision': within('runs.write', 'admins', 202, ({ runId }) =>
    json(`/api/runs/${runId}/abandon`, reason),
  ),

  'GET /api/audit': within('audit.read', 'admins', 200, '/api/audit?organization=north'),
  'GET /api/audit/verification': within(
    'audit.read',
    'admins',
    200,
    '/api/audit/verification?organization=north',
  ),
  'GET /api/audit/export': within('audit.read', 'admins', 200, '/api/audit/export?organization=north'),

  'POST /api/zitadel/users/sync-status': within('users.write', 'managers', 202, () =>
    json('/api/zitadel/users/sync-status', { organization: 'north' }),
  ),
  'GET /api/sweeps': within('sweeps.read', 'admins', 200, '/api/sweeps?organization=north'),
  // No sweep has that id: let in, and told so.
  'GET /api/sweeps/:id': within('sweeps.read', 'admins', 404, '/api/sweeps/none?organization=north'),
  'GET /api/sweeps/:id/items': within(
    'sweeps.read',
    'admins',
    404,
    '/api/sweeps/none/items?organization=north',
  ),
  'POST /api/sweeps/:id/approve': site(404, () => json('/api/sweeps/none/approve', { count: 1, ...reason })),
  'POST /api/sweeps/:id/discard': site(404, () => json('/api/sweeps/none/discard', reason)),
  'GET /api/settings': site(200, '/api/settings'),
  'PUT /api/settings/:key': site(200, () =>
    json('/api/settings/sync.intervalMinutes', { value: 30, ...reason }),
  ),
  'GET /api/site-administrators': site(200, '/api/site-administrators'),
  'PUT /api/site-administrators/:subject': site(200, ({ zitadelUserId }) =>
    json(`/api/site-administrators/${zitadelUserId}`, reason),
  ),
  'DELETE /api/site-administrators/:subject': site(404, ({ fresh }) =>
    json(`/api/site-administrators/none-${fresh}`, reason),
  ),
  // Last: it ends the cookies that the rows before it are asked with.
  'DELETE /api/me/sessions': signedIn(200, '/api/me/sessions'),
};
