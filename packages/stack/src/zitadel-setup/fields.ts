/** One field that is to be another. */
export interface SetupField {
  readonly field: string;
  /** Absent where there was nothing. */
  readonly from?: unknown;
  readonly to: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** What is different: only fields that are wanted are looked at, and lists are compared without their order. */
export function differences(present: Fields | undefined, wanted: Fields): readonly SetupField[] {
  return Object.entries(wanted).flatMap(([field, to]): readonly SetupField[] => {
    const from = present?.[field];
    if (isNothing(from) && isNothing(to)) return [];
    if (present && JSON.stringify(normal(from)) === JSON.stringify(normal(to))) return [];
    return [{ field, to, ...(isNothing(from) ? {} : { from }) }];
  });
}

/** Of the wanted fields, those that differ. */
export function differing<T extends object>(wanted: T, fields: readonly SetupField[]): Partial<T> {
  const names = new Set(fields.map(({ field }) => field));
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => names.has(name))) as Partial<T>;
}

/** proto3 leaves out false, zero and the empty; so none of them is something. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return Array.isArray(value) && value.length === 0;
}

function normal(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String).toSorted() : value;
}
