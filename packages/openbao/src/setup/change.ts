import type { JwtConfig, JwtRole } from '../services/index.ts';

/** One field that is to be another. */
export interface FieldChange {
  readonly field: string;
  /** Absent where there was nothing. */
  readonly from?: unknown;
  readonly to: unknown;
}

/** What a change is about, and all that is needed to make it. */
export type ChangeTarget =
  | { readonly kind: 'kv'; readonly mount: string }
  | { readonly kind: 'policy'; readonly name: string; readonly policy: string }
  | { readonly kind: 'auth'; readonly mount: string; readonly type: 'jwt' | 'userpass' }
  | { readonly kind: 'jwt-config'; readonly mount: string; readonly config: JwtConfig }
  | { readonly kind: 'jwt-role'; readonly mount: string; readonly name: string; readonly role: JwtRole };

/** One write that is due. It is data: it can be shown, kept as JSON, and applied later. */
export type OpenbaoChange = ChangeTarget & {
  readonly action: 'create' | 'update';
  /** What it is about, for a person: `policy harmony-dev`. */
  readonly title: string;
  readonly fields: readonly FieldChange[];
};

/** What is different: only fields that are wanted are looked at. */
export function fieldChanges(
  present: Readonly<Record<string, unknown>> | undefined,
  wanted: Readonly<Record<string, unknown>>,
): readonly FieldChange[] {
  return Object.entries(wanted).flatMap(([field, to]): readonly FieldChange[] => {
    const from = present?.[field];
    if (present && isSame(from, to)) return [];
    if (!present && isNothing(to)) return [];
    return [{ field, to, ...(isNothing(from) ? {} : { from }) }];
  });
}

/** OpenBao reads back null for an empty list or object, and lists in an order of its own. */
function isSame(a: unknown, b: unknown): boolean {
  if (isNothing(a) && isNothing(b)) return true;
  return JSON.stringify(normal(a)) === JSON.stringify(normal(b));
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal).toSorted((a, b) => String(a).localeCompare(String(b)));
  // A claim that may have one value is read back as it was written, or as a list of it.
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([key, one]) => [key, normal(Array.isArray(one) && one.length === 1 ? one[0] : one)]),
    );
  }
  return value;
}
