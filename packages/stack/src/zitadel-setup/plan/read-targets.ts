import type { CallOptions, FoundTarget, Zitadel } from '@drawbridge/zitadel';
import type { Ledger } from '../ledger.ts';
import { keyOf, targetName } from '../names.ts';
import type { ZitadelWish } from '../wish/index.ts';
import { known } from './known.ts';
import type { ReadOptions } from './reading.ts';

/**
 * Finds each wished target: by the ledger, else by its name, which Zitadel gives to as many as want it. Where a run ended before it
 * could write down the id of the target that it made, the event store tells it.
 */
export async function findTargets(
  zitadel: Zitadel,
  { owner, targets }: ZitadelWish,
  ledger: Ledger,
  options: ReadOptions,
): Promise<ReadonlyMap<string, FoundTarget>> {
  const names = Object.keys(targets);
  if (names.length === 0) return new Map();
  const isBegun = names.some((name) => {
    const entry = ledger.get(keyOf.target(name));
    return entry !== undefined && entry.id === undefined;
  });
  const made = isBegun ? await madeTargets(zitadel, options.call) : new Map<string, string>();
  const ids = new Map(
    names.flatMap((name) => {
      const entry = ledger.get(keyOf.target(name));
      const id = entry?.id ?? (entry ? made.get(targetName(owner, name)) : undefined);
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
  const listed = await known(
    () => zitadel.actions.listTargets({}, options.call).all(),
    (all) => [...ids.values()].every((id) => all.some((one) => one.id === id)),
    options,
  );
  const found = names.flatMap((name) => {
    const isKnown = ledger.get(keyOf.target(name)) !== undefined;
    const target = listed.find((one) =>
      isKnown ? one.id === ids.get(name) : one.name === targetName(owner, name),
    );
    return target ? [[name, target] as const] : [];
  });
  return new Map(found);
}

/** Targets that were made and not removed, name to id, as the event store has them: it never lags. */
async function madeTargets({ events }: Zitadel, call: CallOptions): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const eventTypes = ['target.added', 'target.removed'];
  for await (const { type, aggregateId, payload } of events.list({ eventTypes }, call)) {
    if (type === 'target.removed') names.delete(aggregateId);
    else if (typeof payload?.name === 'string') names.set(aggregateId, payload.name);
  }
  return new Map([...names].map(([id, name]) => [name, id]));
}
