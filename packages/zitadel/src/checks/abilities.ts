import { DrawbridgeError } from '@drawbridge/kit';
import type { Zitadel } from '../client/index.ts';
import type { Check } from './finding.ts';
import type { InstancePatient } from './patient.ts';

/** Something a service account has to be allowed, and a harmless read that shows whether it is. */
interface Ability {
  /** The permission, as Zitadel names it. */
  readonly permission: string;
  readonly for: string;
  readonly optional?: boolean;
  try(zitadel: Zitadel, signal: AbortSignal): Promise<unknown>;
}

const page = { pagination: { limit: 1 } };
const abilities: readonly Ability[] = [
  {
    permission: 'user.read',
    for: 'users and their status',
    try: ({ canary }, signal) => canary({ signal }),
  },
  {
    permission: 'user.grant.read',
    for: 'roles of users',
    try: ({ transport }, signal) =>
      transport.call('zitadel.authorization.v2.AuthorizationService/ListAuthorizations', page, { signal }),
  },
  {
    permission: 'project.grant.read',
    for: 'project grants of tenants',
    try: ({ transport }, signal) =>
      transport.call('zitadel.project.v2.ProjectService/ListProjectGrants', page, { signal }),
  },
  {
    permission: 'session.read',
    for: 'sessions of users',
    try: ({ transport }, signal) =>
      transport.call('zitadel.session.v2.SessionService/ListSessions', { query: { limit: 1 } }, { signal }),
  },
  {
    permission: 'events.read',
    for: 'events, so that changes arrive within seconds and not with the next sweep',
    optional: true,
    try: ({ transport }, signal) =>
      transport.rest('POST', '/admin/v1/events/_search', { limit: 1 }, { signal }),
  },
];

/** What a service account may read, of what the directory needs. */
export interface Abilities {
  readonly has: readonly string[];
  readonly needs: readonly string[];
  readonly missing: readonly string[];
  /** Useful and not there. */
  readonly wanted: readonly string[];
}

/** Tries everything the directory needs to read. What it writes shows only when it writes. */
export async function readAbilities(zitadel: Zitadel, signal: AbortSignal): Promise<Abilities> {
  const has: string[] = [];
  const missing: string[] = [];
  const wanted: string[] = [];
  for (const ability of abilities) {
    try {
      await ability.try(zitadel, signal);
      has.push(ability.permission);
    } catch (error) {
      const refused =
        error instanceof DrawbridgeError &&
        ['zitadel_forbidden', 'membership_missing', 'absence_unproved'].includes(error.code);
      if (!refused) throw error;
      (ability.optional ? wanted : missing).push(ability.permission);
    }
  }
  return {
    has,
    missing,
    wanted,
    needs: abilities.filter(({ optional }) => !optional).map(({ permission }) => permission),
  };
}

/** The service account sees organizations, and may read what it needs to. */
export const rolesCheck: Check<InstancePatient> = {
  name: 'roles',
  needs: ['token'],
  async run({ zitadel, signal }) {
    const client = await zitadel();
    // What is shown counts: Zitadel's total includes what the account may not see.
    const seen = (await client.organizations.page({ offset: 0, limit: 100 }, { signal })).length;
    if (seen === 0) {
      return {
        state: 'fail',
        text: 'the service account sees no organization',
        means: 'nobody can be provisioned',
        fix: 'make it IAM_USER_MANAGER of the instance',
      };
    }
    const { missing, wanted } = await readAbilities(client, signal);
    const reasons = (permissions: readonly string[]) =>
      abilities
        .filter(({ permission }) => permissions.includes(permission))
        .map((ability) => `${ability.permission} (${ability.for})`)
        .join(', ');
    if (missing.length > 0) {
      return {
        state: 'fail',
        text: `the service account lacks ${reasons(missing)}`,
        means: 'runs would stop there and ask a person',
        fix: 'make it IAM_USER_MANAGER of the instance',
      };
    }
    if (wanted.length > 0) {
      return {
        state: 'warn',
        text: `the service account lacks ${reasons(wanted)}`,
        means: 'everything works, only later',
        fix: 'make it IAM_OWNER_VIEWER of the instance as well',
      };
    }
    return {
      state: 'ok',
      text: `the service account sees ${seen === 100 ? '100 organizations or more' : `${seen} organization${seen === 1 ? '' : 's'}`}`,
    };
  },
};
