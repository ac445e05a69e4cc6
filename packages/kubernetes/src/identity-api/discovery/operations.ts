import type { ResourceDescription, Verb } from '../resources/index.ts';

/** A request that a path takes. */
export interface Operation {
  readonly method: 'get' | 'post' | 'delete' | 'patch';
  /** What Kubernetes' clients call it. */
  readonly action: 'list' | 'get' | 'post' | 'delete' | 'deletecollection' | 'patch';
  readonly description: string;
  readonly query: readonly string[];
  readonly body?: 'object' | 'delete-options' | 'patch';
  readonly answers: 'object' | 'list' | 'status';
  readonly code: '200' | '201' | '405';
}

/** A path with what it takes. */
export interface Path {
  readonly onObject: boolean;
  readonly operations: readonly Operation[];
}

const listQuery = ['fieldSelector', 'labelSelector', 'limit', 'continue', 'pretty'];
const deleteQuery = ['dryRun', 'propagationPolicy', 'gracePeriodSeconds', 'pretty'];
const writeQuery = ['dryRun', 'fieldManager', 'fieldValidation', 'pretty'];

/** The paths of a resource: its collection and its objects. */
export function pathsOf({ plural, kind, verbs }: ResourceDescription): readonly Path[] {
  const has = (verb: Verb) => verbs.includes(verb);
  const collection: Operation[] = [
    operation('get', 'list', `List ${plural}.`, listQuery, 'list'),
    ...(has('create')
      ? [
          {
            ...operation('post', 'post', `Make a ${kind}.`, writeQuery, 'object'),
            body: 'object',
            code: '201',
          } as const,
        ]
      : []),
    ...(has('deletecollection')
      ? [
          {
            ...operation(
              'delete',
              'deletecollection',
              `Delete ${plural}.`,
              [...listQuery, ...deleteQuery.slice(0, 3)],
              'list',
            ),
            body: 'delete-options',
          } as const,
        ]
      : []),
  ];
  const object: Operation[] = [
    operation('get', 'get', `Read one ${kind}.`, ['pretty'], 'object'),
    ...(has('delete')
      ? [
          {
            ...operation('delete', 'delete', `Delete one ${kind}.`, deleteQuery, 'status'),
            body: 'delete-options',
          } as const,
        ]
      : []),
    ...(has('create') ? [described(kind)] : []),
  ];
  return [
    { onObject: false, operations: collection },
    { onObject: true, operations: object },
  ];
}

/**
 * kubectl reads here, and nowhere else, whether the server checks fields of what is created; without it, it checks by itself and
 * wants to list the cluster's definitions first, which most people may not.
 */
function described(kind: string): Operation {
  const text = `Not served: answers 405. It is described because kubectl create looks here for fieldValidation, which POST of a ${kind} takes.`;
  return { ...operation('patch', 'patch', text, writeQuery, 'status'), body: 'patch', code: '405' };
}

function operation(
  method: Operation['method'],
  action: Operation['action'],
  description: string,
  query: readonly string[],
  answers: Operation['answers'],
): Operation {
  return { method, action, description, query, answers, code: '200' };
}

const integers = new Set(['limit', 'gracePeriodSeconds']);

/** The type of a query parameter. */
export function typeOf(parameter: string): 'integer' | 'string' {
  return integers.has(parameter) ? 'integer' : 'string';
}
