import { badRequest, invalid, type StatusCause } from '../wire/index.ts';
import type { Query } from './list-options.ts';

/** What a deletion is asked for. What has no meaning here (grace, propagation) was checked and forgotten. */
export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly preconditions: {
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
}

const policies = ['Orphan', 'Background', 'Foreground'];
const isPolicy = (value: unknown) => typeof value === 'string' && policies.includes(value);

/**
 * Reads the options of a deletion: those of the body, else those of the query.
 *
 * @param body undefined where nothing was sent
 * @throws {StatusError} `invalid_request`, `invalid_object`
 */
export function readDeleteOptions(body: unknown, query: Query): DeleteOptions {
  if (body === undefined) {
    return check({
      dryRun: query.getAll('dryRun'),
      propagationPolicy: query.get('propagationPolicy') ?? undefined,
      orphanDependents: query.get('orphanDependents') ?? undefined,
    });
  }
  if (!isRecord(body)) throw badRequest('the body of the request is no DeleteOptions');
  if (body.kind !== undefined && body.kind !== 'DeleteOptions')
    throw badRequest('the body of the request is no DeleteOptions');
  return check(body);
}

/**
 * Reads whether a write is only to be tried.
 *
 * @param kind whose options they are, such as `CreateOptions`
 */
export function readDryRun(values: unknown, kind: string): boolean {
  const causes = dryRunCauses(values);
  if (causes.length > 0) throw invalid({ kind, group: 'meta.k8s.io' }, '', causes);
  return Array.isArray(values) && values.length > 0;
}

function check(options: Readonly<Record<string, unknown>>): DeleteOptions {
  const { orphanDependents, propagationPolicy, preconditions = {} } = options;
  const causes: StatusCause[] = [...dryRunCauses(options.dryRun)];
  if (orphanDependents !== undefined && propagationPolicy !== undefined) {
    const message = 'Invalid value: orphanDependents and deletionPropagation cannot be both set';
    causes.push({ reason: 'FieldValueInvalid', field: 'propagationPolicy', message });
  } else if (propagationPolicy !== undefined && !isPolicy(propagationPolicy)) {
    const message = `Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: "Foreground", "Background", "Orphan", "nil"`;
    causes.push({ reason: 'FieldValueNotSupported', field: 'propagationPolicy', message });
  }
  if (causes.length > 0) throw invalid({ kind: 'DeleteOptions', group: 'meta.k8s.io' }, '', causes);
  if (preconditions !== null && !isRecord(preconditions)) throw badRequest('preconditions is no object');
  return {
    dryRun: Array.isArray(options.dryRun) && options.dryRun.length > 0,
    preconditions: { ...text(preconditions, 'uid'), ...text(preconditions, 'resourceVersion') },
  };
}

function dryRunCauses(values: unknown): readonly StatusCause[] {
  if (values === undefined || values === null) return [];
  if (!Array.isArray(values)) throw badRequest('dryRun is no list');
  return values
    .filter((value) => value !== 'All')
    .map((value) => ({
      reason: 'FieldValueNotSupported',
      field: 'dryRun',
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: "All"`,
    }));
}

function text<K extends string>(
  from: Readonly<Record<string, unknown>> | null,
  key: K,
): { [P in K]?: string } {
  const value = from?.[key];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'string') throw badRequest(`preconditions.${key} is no text`);
  return { [key]: value } as { [P in K]?: string };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
