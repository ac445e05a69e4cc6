import type { EventPayloads, StoredEvent } from '../store/index.ts';
import type { TargetKeyRow, TargetRow } from './records.ts';
import type { Reducers } from './reducers.ts';
import type { State } from './state.ts';

type Types = Extract<keyof EventPayloads, `target.${string}` | `execution.${string}`>;

function change(state: State, event: StoredEvent, edit: (row: TargetRow) => void): void {
  const row = state.targets.get(event.aggregateId);
  if (!row) return;
  edit(row);
  row.changedAt = event.createdAt;
  row.sequence = event.sequence;
}

function changeKey(
  state: State,
  event: StoredEvent<'target.key.activated' | 'target.key.deactivated'>,
  edit: (row: TargetRow, key: TargetKeyRow) => void,
): void {
  const row = state.targets.get(event.aggregateId);
  const key = row?.keys.get(event.payload.keyId);
  if (!row || !key) return;
  edit(row, key);
  key.changedAt = event.createdAt;
}

/** Targets and executions of Actions V2 (internal/query/projection/{target,execution}.go). */
export const actionReducers: Reducers<Types> = {
  'target.added': (state, event) => {
    const { signingKey, ...fields } = event.payload;
    state.targets.set(event.aggregateId, {
      id: event.aggregateId,
      createdAt: event.createdAt,
      changedAt: event.createdAt,
      sequence: event.sequence,
      fields,
      signingKey: signingKey.Crypted,
      keys: new Map(),
      named: false,
      awake: false,
    });
  },
  'target.changed': (state, event) =>
    change(state, event, (row) => {
      const { signingKey, ...fields } = event.payload;
      row.fields = { ...row.fields, ...fields };
      if (signingKey) row.signingKey = signingKey.Crypted;
      row.awake ||= row.named;
    }),
  'target.removed': (state, event) => {
    state.targets.delete(event.aggregateId);
    for (const execution of state.executions.values()) {
      execution.targets = execution.targets.filter((id) => id !== event.aggregateId);
    }
  },
  'target.key.added': (state, event) =>
    change(state, event, (row) => {
      const { keyId, publicKey, fingerprint, expiration } = event.payload;
      row.keys.set(keyId, {
        id: keyId,
        publicKey,
        fingerprint,
        expiresAt: expiration === undefined ? undefined : Date.parse(expiration),
        createdAt: event.createdAt,
        changedAt: event.createdAt,
        active: false,
      });
    }),
  'target.key.activated': (state, event) =>
    changeKey(state, event, (row, key) => {
      for (const other of row.keys.values()) other.active = other === key;
    }),
  'target.key.deactivated': (state, event) =>
    changeKey(state, event, (_row, key) => {
      key.active = false;
    }),
  'target.key.removed': (state, event) => {
    state.targets.get(event.aggregateId)?.keys.delete(event.payload.keyId);
  },
  'execution.v2.set': (state, event) => {
    const targets = event.payload.targets.map(({ target }) => target);
    for (const id of targets) {
      const row = state.targets.get(id);
      if (row) row.named = true;
    }
    state.executions.set(event.aggregateId, {
      id: event.aggregateId,
      createdAt: state.executions.get(event.aggregateId)?.createdAt ?? event.createdAt,
      changedAt: event.createdAt,
      sequence: event.sequence,
      targets,
    });
  },
  'execution.removed': (state, event) => {
    state.executions.delete(event.aggregateId);
  },
};
