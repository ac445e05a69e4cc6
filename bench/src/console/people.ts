const states = ['active', 'waiting', 'locked', 'attention', 'quarantined', 'inactive_elsewhere'] as const;
const at = '2026-11-01T08:00:00.000Z';

/** One answer of `GET /api/users` with so many people in it. */
export function manyPeople(count: number) {
  return { items: Array.from({ length: count }, (_, index) => person(index)), next: null, total: count };
}

function person(index: number) {
  return {
    id: `user-${index}`,
    organizationId: 'demo',
    zitadelUserId: `user-${index}`,
    email: `person${index}@northwind.example`,
    givenName: 'Person',
    familyName: String(index),
    active: true,
    state: states[index % states.length],
    zitadelState: 'active',
    netbirdState: 'active',
    netbirdSeenAt: at,
    permissions: [],
    memberships: [],
    lastRun: null,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
}
