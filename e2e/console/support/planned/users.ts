import { at } from './time.ts';

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
