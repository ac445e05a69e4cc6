/** When a sweep stops and asks. */
export interface BrakeSettings {
  readonly on: boolean;
  /** This many users may always be deactivated. */
  readonly users: number;
  /** Or this share of those that were read, in percent. */
  readonly percent: number;
}

/** One organization as a sweep saw it. */
export interface OrganizationCount {
  readonly organizationId: string;
  /** Active users here. */
  readonly active: number;
  /** How many of them would be deactivated. */
  readonly wouldGo: number;
  /** True where Zitadel does not show the organization itself: then nobody in it is believed to be gone. */
  readonly gone?: boolean;
}

/** Whether a sweep may go on. */
export interface Brake {
  /** Null without a brake. */
  readonly limit: number | null;
  readonly pulled: boolean;
  /** Ids of organizations that are beyond their own limit. */
  readonly organizations: readonly string[];
}

/** How many users one sweep may deactivate without asking; null for any number. */
export function sweepLimit({ on, users, percent }: BrakeSettings, usersRead: number): number | null {
  return on ? Math.max(users, Math.floor((usersRead * percent) / 100)) : null;
}

/** How many users of one organization a sweep may deactivate without asking: half of the active ones, and two in any. */
export function organizationLimit({ on }: Pick<BrakeSettings, 'on'>, active: number): number | null {
  return on ? Math.max(2, Math.floor(active / 2)) : null;
}

/** Looks whether what a sweep would do is more than it may. */
export function checkBrake(
  settings: BrakeSettings,
  usersRead: number,
  counts: readonly OrganizationCount[],
): Brake {
  const limit = sweepLimit(settings, usersRead);
  if (limit === null) return { limit, pulled: false, organizations: [] };
  const wouldGo = counts.reduce((sum, one) => sum + one.wouldGo, 0);
  const organizations = counts
    .filter((one) => {
      const own = organizationLimit(settings, one.active) ?? Number.POSITIVE_INFINITY;
      return one.wouldGo > own || (one.gone === true && one.wouldGo > 0);
    })
    .map(({ organizationId }) => organizationId);
  return { limit, pulled: wouldGo > limit || organizations.length > 0, organizations };
}
