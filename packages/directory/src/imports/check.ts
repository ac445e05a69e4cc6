import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database, ImportRowTable, SignInMethod } from '../database/index.ts';
import type { Column, Content } from './columns.ts';

/** A row as it is stored after the dry run. */
export type PlannedRow = Pick<Selectable<ImportRowTable>, 'row' | 'plan' | 'content'> & {
  readonly userId?: string;
  readonly field?: Column;
  readonly code?: string;
  readonly message?: string;
};

/** What rows are checked against. */
export interface CheckAgainst {
  readonly organization: {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly integration_id: string;
    readonly sign_in: SignInMethod;
  };
  readonly roles: readonly string[];
  /** Those of them that the caller may give, and may act on. */
  readonly givable: ReadonlySet<string>;
}

interface Row {
  readonly row: number;
  readonly content: Content;
}

const line = z
  .string()
  .trim()
  .min(1, 'is empty')
  .max(200, 'is longer than 200 characters')
  .refine((text) => !/\p{Cc}/u.test(text), 'holds a control character');
const email = z.email('is not a mail address').max(200, 'is longer than 200 characters');
const rules: readonly (readonly [Column, z.ZodType])[] = [
  ['email', email],
  ['given_name', line],
  ['family_name', line],
];

/** Checks rows in batches, in the order of the file. Of former rows it keeps the addresses alone. */
export class RowChecker {
  readonly #database: Database;
  readonly #against: CheckAgainst;
  /** Address → the row it stood in first. */
  readonly #seen = new Map<string, number>();

  constructor(database: Database, against: CheckAgainst) {
    this.#database = database;
    this.#against = against;
  }

  /** What would become of each row. */
  async check(rows: readonly Row[]): Promise<PlannedRow[]> {
    const known = await this.#knownUsers(rows);
    return rows.map((row) => this.#refuse(row) ?? this.#plan(row, known.get(addressOf(row))));
  }

  #refuse({ row, content }: Row): PlannedRow | undefined {
    const { organization, roles, givable } = this.#against;
    const refused = (field: Column, code: string, message: string): PlannedRow => ({
      row,
      plan: 'refuse',
      content: asRecord(content),
      field,
      code,
      message,
    });
    for (const [column, rule] of rules) {
      const { error } = rule.safeParse(content[column] ?? '');
      if (error) return refused(column, 'invalid_request', error.issues[0]?.message ?? 'is not valid');
    }
    const { org } = content;
    if (org && ![organization.id, organization.slug, organization.name].includes(org))
      return refused('org', 'organization_unknown', `is not ${organization.name}, which this import is for`);
    const role = roleOf(content);
    if (!roles.includes(role))
      return refused('role', 'role_unknown', `there is no such role; roles are ${roles.join(', ')}`);
    if (!givable.has(role))
      return refused('role', 'forbidden', 'may do more than you: it is not yours to give');
    if ((organization.sign_in === 'idp') !== Boolean(content.identity_provider_user_id)) {
      const message =
        organization.sign_in === 'idp'
          ? 'is empty, and people sign in at the identity provider'
          : 'is given, but people are invited by mail here';
      return refused('identity_provider_user_id', 'invalid_request', message);
    }
    const earlier = this.#seen.get(addressOf({ content }));
    if (earlier !== undefined) return refused('email', 'row_doubled', `stands in row ${earlier} already`);
    this.#seen.set(addressOf({ content }), row);
    return undefined;
  }

  #plan({ row, content }: Row, known: KnownUser | undefined): PlannedRow {
    const stored = asRecord(content);
    if (!known) return { row, plan: 'create', content: stored };
    if (known.organization_id !== this.#against.organization.id) {
      return {
        row,
        plan: 'refuse',
        content: stored,
        field: 'email',
        code: 'user_exists',
        message: 'belongs to a user of another organization',
      };
    }
    const userId = known.id;
    const same =
      known.given_name === content.given_name &&
      known.family_name === content.family_name &&
      known.role_key === roleOf(content, known.role_key);
    if (same) return { row, plan: 'same', content: stored, userId };
    if (!this.#against.givable.has(known.role_key)) {
      const message = `is of a user with the role ${known.role_key}, who is not yours to change`;
      return { row, plan: 'refuse', content: stored, userId, field: 'email', code: 'forbidden', message };
    }
    return { row, plan: 'change', content: { ...stored, role: roleOf(content, known.role_key) }, userId };
  }

  async #knownUsers(rows: readonly Row[]): Promise<Map<string, KnownUser>> {
    const addresses = [...new Set(rows.map(addressOf))];
    const found = await this.#database.read((db) =>
      db
        .selectFrom('users')
        .innerJoin('memberships', (join) =>
          join.onRef('memberships.user_id', '=', 'users.id').on('memberships.home', '=', true),
        )
        .select(['users.id', 'users.organization_id', 'given_name', 'family_name', 'role_key'])
        .select(sql<string>`lower(users.email)`.as('address'))
        .where('integration_id', '=', this.#against.organization.integration_id)
        .where(sql<boolean>`lower(users.email) = any(${sql.val(addresses)}::text[])`)
        .execute(),
    );
    return new Map(found.map((user) => [user.address, user]));
  }
}

interface KnownUser {
  readonly id: string;
  readonly organization_id: string;
  readonly given_name: string;
  readonly family_name: string;
  readonly role_key: string;
}

/** The role a row asks for. A new user without one is a plain user; one who is here keeps theirs. */
export function roleOf({ role }: Content, otherwise = 'user'): string {
  return role || otherwise;
}

function addressOf({ content }: Pick<Row, 'content'>): string {
  return (content.email ?? '').toLowerCase();
}

function asRecord(content: Content): Record<string, string> {
  return { ...content };
}
