import { functionNames } from '../actions/index.ts';
import { notFound } from '../errors.ts';
import type { ExecutionRow } from '../projections/index.ts';
import { type Message, timestamp } from '../wire/index.ts';
import type { Handler } from './call.ts';
import { conditionId, conditionOf, type Methods, serviceNames } from './execution-conditions.ts';
import { newPaging, pageOf, pagination, sortedBy } from './lists.ts';

const columns = ['UNSPECIFIED', 'ID', 'CREATED_DATE', 'CHANGED_DATE'].map(
  (name) => `EXECUTION_FIELD_NAME_${name}`,
);
const types = ['UNSPECIFIED', 'REQUEST', 'RESPONSE', 'EVENT', 'FUNCTION'].map(
  (name) => `EXECUTION_TYPE_${name}`,
);

/**
 * SetExecution: idempotent, and no targets remove it (internal/command/action_v2_execution.go).
 *
 * @param methods what calls can be intercepted at
 */
export function setExecution(methods: Methods): Handler {
  return (call, input) => {
    call.requireDeclared('action.execution.write');
    const id = conditionId(input.requiredMessage('condition'), methods);
    const targets = input.strings('targets');
    if (targets.some((target) => !call.fresh.targets.has(target))) {
      throw notFound('COMMAND-17e8fq1ggk', 'Errors.Target.NotFound');
    }
    const row = call.fresh.executions.get(id);
    const of = {
      aggregateType: 'execution',
      aggregateId: id,
      resourceOwner: call.fresh.instance.id,
    } as const;
    if (targets.length === 0) {
      if (!row) return {};
      const event = call.push({ ...of, type: 'execution.removed', payload: {} });
      return { setDate: timestamp(event.createdAt) };
    }
    if (row && sameList(row.targets, targets)) return { setDate: timestamp(row.changedAt) };
    // Type 1 is a target; upstream's other type, an include, is gone from v2.
    const payload = { targets: targets.map((target) => ({ type: 1, target })) };
    const event = call.push({ ...of, type: 'execution.v2.set', payload });
    return { setDate: timestamp(event.createdAt) };
  };
}

/** ListExecutions (internal/query/execution.go). */
export function listExecutions(methods: Methods): Handler {
  return (call, input) => {
    call.requireDeclared('action.execution.read');
    const paging = newPaging(input);
    const column = input.enum('sortingColumn', columns);
    const filters = input.messages('filters').map((filter) => executionFilter(filter, methods));
    const matching = [...call.lagging.executions.values()].filter((row) =>
      filters.every((matches) => matches(row)),
    );
    const byId = sortedBy(matching, (row) => row.id);
    const sorted =
      column < 2 ? byId : sortedBy(byId, (row) => (column === 2 ? row.createdAt : row.changedAt));
    const { rows, total } = pageOf(sorted, paging);
    return {
      pagination: pagination(total, paging),
      executions: rows.map((row) => ({
        condition: conditionOf(row.id),
        creationDate: timestamp(row.createdAt),
        changeDate: timestamp(row.changedAt),
        targets: row.targets,
      })),
    };
  };
}

/** ListExecutionFunctions: bare names. */
export const listExecutionFunctions: Handler = (call) => {
  call.requireDeclared('action.execution.read');
  return { functions: functionNames };
};

/** ListExecutionMethods: with a leading slash, as conditions name them. */
export function listExecutionMethods(methods: Methods): Handler {
  return (call) => {
    call.requireDeclared('action.execution.read');
    return { methods: [...methods()].map((name) => `/${name}`).sort() };
  };
}

export function listExecutionServices(methods: Methods): Handler {
  return (call) => {
    call.requireDeclared('action.execution.read');
    return { services: serviceNames(methods) };
  };
}

function executionFilter(filter: Message, methods: Methods): (row: ExecutionRow) => boolean {
  const conditions = filter.message('inConditionsFilter');
  if (conditions) {
    const ids = new Set(conditions.messages('conditions').map((one) => conditionId(one, methods)));
    return (row) => ids.has(row.id);
  }
  const byType = filter.message('executionTypeFilter');
  if (byType) {
    const type = types[byType.enum('executionType', types)] ?? '';
    const kind = type.slice('EXECUTION_TYPE_'.length).toLowerCase();
    return (row) => row.id === kind || row.id.startsWith(`${kind}/`);
  }
  const target = filter.requiredMessage('targetFilter').id('targetId');
  return (row) => row.targets.includes(target);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}
