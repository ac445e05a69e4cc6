import { type ConfigDefinition, jsonSchemaOf, pathOf, type StandardIssue } from '../definition/index.ts';
import type { Consultation, LaidField } from './consult.ts';
import { layOver } from './lay-over.ts';

/** A value that its schema takes, or what is wrong with it. */
export interface Validated {
  /** What the schema made of it. */
  readonly output?: unknown;
  /** What was given to the schema. */
  readonly input: unknown;
  /** Fields that were laid over the value, and where. */
  readonly laid: readonly { readonly path: readonly string[]; readonly field: LaidField }[];
  /** Empty where the schema takes it. */
  readonly issues: readonly StandardIssue[];
}

/**
 * Puts together what the sources gave, and has the schema look at it. Where a text has two readings, as `1234` has, the schema
 * decides: the second one is tried where it complains of the first.
 */
export async function validate(definition: ConfigDefinition, found: Consultation): Promise<Validated> {
  let best: Validated | undefined;
  for (const base of basesOf(found)) {
    const first = await attempt(definition, found, base, new Set());
    if (first.issues.length === 0) return first;
    if (!best || first.issues.length < best.issues.length) best = first;
    const doubtful = first.laid
      .filter(({ path, field }) => field.orText !== undefined && isBlamed(path, first.issues))
      .map(({ field }) => field);
    if (doubtful.length === 0) continue;
    const second = await attempt(definition, found, base, new Set(doubtful));
    if (second.issues.length === 0) return second;
    if (second.issues.length < best.issues.length) best = second;
  }
  return best ?? { input: undefined, laid: [], issues: [] };
}

/** What the sources gave, where there is no schema to look at it. */
export function bareValueOf({ whole, fields }: Consultation): unknown {
  return layOver(whole?.answer.value, fields, undefined).value;
}

function basesOf({ whole, fields }: Consultation): readonly unknown[] {
  if (whole) return [whole.answer.value, ...(whole.answer.or ? [whole.answer.or.value] : [])];
  return fields.length > 0 ? [{}] : [undefined];
}

async function attempt(
  { schema }: ConfigDefinition,
  { fields }: Consultation,
  base: unknown,
  asText: ReadonlySet<LaidField>,
): Promise<Validated> {
  const overlays = fields.map((field) => ({
    path: field.path,
    value: asText.has(field) ? field.orText : field.value,
  }));
  const { value, paths } = layOver(base, overlays, fields.length > 0 ? jsonSchemaOf(schema) : undefined);
  const laid = fields.map((field, at) => ({ field, path: paths[at] ?? field.path }));
  const result = await schema['~standard'].validate(value);
  if (result.issues) return { input: value, laid, issues: result.issues };
  return { input: value, output: result.value, laid, issues: [] };
}

function isBlamed(path: readonly string[], issues: readonly StandardIssue[]): boolean {
  const own = path.join('.');
  return issues.some((issue) => {
    const blamed = pathOf(issue);
    return blamed === own || blamed === '' || own.startsWith(`${blamed}.`) || blamed.startsWith(`${own}.`);
  });
}
