import { DrawbridgeError, type Problem } from '@drawbridge/kit/core';
import { type ConfigDefinition, pathOf, type StandardIssue } from '../definition/index.ts';
import type { Consultation } from './consult.ts';
import type { Validated } from './validate.ts';

/** Why a value cannot be given. */
export type Fault =
  | { readonly kind: 'unavailable'; readonly error: DrawbridgeError; readonly problems: readonly Problem[] }
  | { readonly kind: 'missing' | 'invalid'; readonly problems: readonly Problem[] };

/** What is wrong with a value, without any of it: sources tried and why each was passed over, or the schema's words by field. */
export function faultOf(
  definition: ConfigDefinition,
  found: Consultation,
  validated: Validated | undefined,
): Fault {
  const { key } = definition;
  if (found.error) {
    const failed = found.consulted.find(({ state }) => state === 'failed')?.source.name ?? 'a source';
    return {
      kind: 'unavailable',
      error: found.error,
      problems: [{ field: key, message: `cannot be read from ${failed}: ${found.error.message}` }],
    };
  }
  if (!found.whole && found.fields.length === 0)
    return { kind: 'missing', problems: [{ field: key, message: `is missing: ${triedIn(found)}` }] };
  const problems = (validated?.issues ?? []).map((issue) => {
    const path = pathOf(issue);
    const message = `${wordsOf(definition, issue, path, validated)} (${originOf(found, path, validated)})`;
    return { field: path === '' ? key : `${key}.${path}`, message };
  });
  const partly = found.whole ? [] : [{ field: key, message: `is set only in part: ${triedIn(found)}` }];
  return { kind: 'invalid', problems: [...problems, ...partly] };
}

/** One error for all that is wrong with one or several values. */
export function errorOf(faults: readonly Fault[]): DrawbridgeError {
  const problems = faults.flatMap((fault) => fault.problems);
  const outage = faults.find((fault) => fault.kind === 'unavailable');
  if (outage) {
    const { error } = outage;
    if (faults.length === 1) return error;
    return new DrawbridgeError(error.code, {
      message: error.message,
      problems,
      ...(error.where === undefined ? {} : { where: error.where }),
      ...(error.saw === undefined ? {} : { saw: error.saw }),
      ...(error.why === undefined ? {} : { why: error.why }),
      ...(error.fix === undefined ? {} : { fix: error.fix }),
      cause: error,
    });
  }
  const isInvalid = faults.some(({ kind }) => kind === 'invalid');
  const [first] = problems;
  const message =
    problems.length === 1 && first
      ? `${first.field} ${first.message}.`
      : `${problems.length} things are wrong with the configuration.`;
  return new DrawbridgeError(isInvalid ? 'config_invalid' : 'config_missing', { message, problems });
}

/** Which sources were tried, and why each was passed over. */
export function triedIn({ consulted }: Consultation): string {
  const tried = consulted.flatMap(({ answer, source }) =>
    answer && answer.state !== 'found' ? [`${source.name}: ${answer.why}`] : [],
  );
  return tried.length === 0 ? 'there are no sources' : tried.join('; ');
}

/** A schema's words may repeat the value: they are told only of what is not secret, and without the value. */
function wordsOf(
  { secret, secretFields, schema }: ConfigDefinition,
  issue: StandardIssue,
  path: string,
  validated: Validated | undefined,
): string {
  const [top] = path.split('.');
  // A complaint of the whole value may be about a secret field of it.
  const isSecret = secret || (secretFields.length > 0 && (path === '' || secretFields.includes(top ?? '')));
  const value = valueAt(validated?.input, path);
  if (isSecret)
    return value === undefined && path !== ''
      ? 'is missing'
      : 'is not what its schema asks for; it is secret';
  const words =
    schema['~standard'].vendor === 'arktype' ? issue.message.replace(/ \(was [\s\S]*$/, '') : issue.message;
  return `is not valid: ${withoutValue(words, value)}`;
}

function withoutValue(words: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return words;
  const text = String(value);
  return text.length < 3 ? words : words.replaceAll(text, '…');
}

function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

function originOf({ whole }: Consultation, path: string, validated: Validated | undefined): string {
  const laid = validated?.laid.find((one) => {
    const own = one.path.join('.');
    return path === own || path.startsWith(`${own}.`);
  });
  if (laid) return `${laid.field.source}, ${laid.field.where}`;
  if (!whole) return 'not set anywhere';
  const { where, version } = whole.answer;
  return `${whole.source}, ${where}${version === undefined ? '' : `, version ${version}`}`;
}
