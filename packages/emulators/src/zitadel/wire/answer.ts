/** A value that is written as it is, even where protojson would leave out a default: map entries, explicit presence. */
export class Verbatim {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Keeps a value in the answer although it is the default, for fields with explicit presence. */
export function present(value: unknown): Verbatim {
  return new Verbatim(value);
}

/**
 * An answer as protojson writes it: false, zero, empty strings and empty lists are left out; messages stay, even empty
 * ones. Zitadel answers that way on Connect and REST (internal/api/grpc/server/gateway.go).
 */
export function protojson(value: unknown): unknown {
  if (value instanceof Verbatim) return value.value;
  if (Array.isArray(value)) return value.map(protojson);
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    if (field === undefined || field === '' || field === 0 || field === false) continue;
    if (Array.isArray(field) && field.length === 0) continue;
    kept[key] = protojson(field);
  }
  return kept;
}

/** A Timestamp as protojson writes it. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** A uint64 as protojson writes it; zero is the default and left out. */
export function uint64(value: number): string | undefined {
  return value === 0 ? undefined : String(value);
}

/** The name of an enum value, left out when it is the zero value. */
export function enumName(names: readonly string[], value: number): string | undefined {
  return value === 0 ? undefined : names[value];
}

/** The date Go writes where there is none (time.Time's zero value). */
export const zeroDate = '0001-01-01T00:00:00Z';
