import type { Controls } from '../controls.ts';
import type { State, TargetRow } from '../projections/index.ts';

/** Names of functions that can be extended (internal/domain/flow.go, `ActionFunction`). */
export const functionNames = ['preuserinfo', 'preaccesstoken', 'presamlresponse'] as const;

/** A function that can be extended. */
export type FunctionName = (typeof functionNames)[number];

/**
 * The targets of an event: those of the exact event, else of the longest group that its name begins with, else of all
 * events (internal/execution/target/router.go). A group is a prefix of the text, not of its parts: `user.human.*` takes
 * `user.humane` too.
 */
export function targetsOfEvent(state: State, type: string, quirks: Controls['quirks']): readonly TargetRow[] {
  const id = `event/${type}`;
  const groups = [...state.executions.keys()]
    .filter((key) => key.endsWith('.*') && id.startsWith(key.slice(0, -2)))
    .sort((a, b) => b.length - a.length);
  return firstOf(state, [id, ...groups, 'event'], quirks);
}

/**
 * The targets of an API call: those of the method, else of its service, else of all (internal/execution/execution.go).
 *
 * @param procedure as in `zitadel.user.v2.UserService/CreateUser`
 */
export function targetsOfCall(
  state: State,
  kind: 'request' | 'response',
  procedure: string,
  quirks: Controls['quirks'],
): readonly TargetRow[] {
  const service = procedure.slice(0, procedure.indexOf('/'));
  // Quirk `allCallsIgnored`: issue zitadel#10895, internal/execution/target/router.go (4.13).
  const all = quirks.allCallsIgnored ? [] : [kind];
  return firstOf(state, [`${kind}/${procedure}`, `${kind}/${service}`, ...all], quirks);
}

/** The targets of a function. */
export function targetsOfFunction(
  state: State,
  name: FunctionName,
  quirks: Controls['quirks'],
): readonly TargetRow[] {
  return firstOf(state, [`function/${name}`], quirks);
}

function firstOf(state: State, ids: readonly string[], quirks: Controls['quirks']): readonly TargetRow[] {
  for (const id of ids) {
    const targets = (state.executions.get(id)?.targets ?? [])
      .map((target) => state.targets.get(target))
      .filter((row) => row !== undefined)
      // Quirk `freshTargetsSilent`: issue zitadel#12185, internal/query/execution_targets.sql (4.13).
      .filter((row) => row.awake || !quirks.freshTargetsSilent);
    if (targets.length > 0) return targets;
  }
  return [];
}
