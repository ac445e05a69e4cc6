import type { ErrorCode, Problem } from '@drawbridge/kit/core';
import type { ConfigDefinition } from '../definition/index.ts';
import type { Consultation, Consulted } from './consult.ts';
import type { CacheState } from './kept-answers.ts';
import type { Validated } from './validate.ts';

/** What one source had to say. */
export interface SourceExplanation {
  readonly name: string;
  /** `found` gave the whole value, `fields` single ones; `not_asked` stands after the one that decided. */
  readonly state: Consulted['state'];
  readonly where?: string;
  readonly version?: number;
  readonly by?: string;
  /** When this version was written, in milliseconds since the epoch. */
  readonly at?: number;
  /** Why it was passed over. */
  readonly why?: string;
  /** Set where the answer was kept from before. */
  readonly cached?: CacheState;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** Where one field comes from. */
export interface FieldExplanation {
  /** Such as `url`; empty for a value without fields. */
  readonly path: string;
  /** Name of the source; `schema` for a default. */
  readonly source: string;
  readonly where: string;
  readonly secret: boolean;
  /** Absent where it is secret. */
  readonly value?: unknown;
}

/** Where a value comes from, and why. */
export interface Explanation {
  readonly key: string;
  readonly description?: string;
  readonly state: 'found' | 'missing' | 'invalid' | 'unavailable';
  /** Whether all of it is secret. Without a definition everything is. */
  readonly secret: boolean;
  /** In the order they are asked. */
  readonly sources: readonly SourceExplanation[];
  readonly fields: readonly FieldExplanation[];
  /** What is wrong with it, where it cannot be given. */
  readonly problems: readonly Problem[];
}

/** Puts an explanation together. Values of what may be secret are not in it. */
export function explanationOf(
  found: Consultation,
  state: Explanation['state'],
  problems: readonly Problem[],
  definition: ConfigDefinition | undefined,
  validated: Validated | undefined,
): Explanation {
  const { description } = definition ?? {};
  return {
    key: found.key,
    ...(description === undefined ? {} : { description }),
    state,
    secret: definition?.secret ?? true,
    sources: found.consulted.map(sourceOf),
    fields: fieldsOf(found, definition, validated),
    problems,
  };
}

function sourceOf({ source, state, answer, cached, error }: Consulted): SourceExplanation {
  const found = answer?.state === 'found' ? answer : undefined;
  const where =
    found?.where ??
    (answer?.state === 'fields' ? answer.fields.map((one) => one.where).join(', ') : undefined);
  return {
    name: source.name,
    state,
    ...(where === undefined ? {} : { where }),
    ...(found?.version === undefined ? {} : { version: found.version }),
    ...(found?.by === undefined ? {} : { by: found.by }),
    ...(found?.at === undefined ? {} : { at: found.at }),
    ...(answer && answer.state !== 'found' ? { why: answer.why } : {}),
    ...(cached ? { cached } : {}),
    ...(error ? { error: { code: error.code, message: error.message } } : {}),
  };
}

function fieldsOf(
  found: Consultation,
  definition: ConfigDefinition | undefined,
  validated: Validated | undefined,
): FieldExplanation[] {
  const input = validated ? validated.input : found.whole?.answer.value;
  const laid = validated?.laid ?? [];
  const isSecret = (path: readonly string[]) =>
    !definition || definition.secret || definition.secretFields.includes(path[0] ?? '');
  const tell = (path: readonly string[], value: unknown, source: string, where: string): FieldExplanation => {
    const secret = isSecret(path) || (path.length === 0 && (definition?.secretFields.length ?? 0) > 0);
    return { path: path.join('.'), source, where, secret, ...(secret ? {} : { value }) };
  };
  const whole = found.whole;
  const over = laid.map(({ path, field }) => tell(path, valueAt(input, path), field.source, field.where));
  const covered = new Set(laid.filter(({ path }) => path.length === 1).map(({ path }) => path[0]));
  const output = asObject(validated?.output);
  const fields = asObject(input);
  if (!fields) {
    if (whole) return [tell([], input, whole.source, whole.answer.where)];
    return validated?.output === undefined ? over : [tell([], validated.output, 'schema', 'its default')];
  }
  const below = whole
    ? Object.entries(asObject(whole.answer.value) ?? {})
        .filter(([name]) => !covered.has(name))
        .map(([name, value]) => tell([name], value, whole.source, whole.answer.where))
    : [];
  const defaults = Object.entries(output ?? {})
    .filter(([name, value]) => !Object.hasOwn(fields, name) && value !== undefined)
    .map(([name, value]) => tell([name], value, 'schema', 'its default'));
  return [...below, ...over, ...defaults].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
