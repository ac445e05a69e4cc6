import type { Clock } from '@drawbridge/kit';
import type { CallOptions, Zitadel } from '@drawbridge/zitadel';
import type { CredentialFolder } from '../credential-folder.ts';
import { differences, type SetupField } from '../fields.ts';
import type { Ledger, LedgerEntry } from '../ledger.ts';
import type { ZitadelWish } from '../wish/index.ts';
import type { Reading } from './reading.ts';

/** What a change has at hand while it is made. */
export interface Run {
  readonly zitadel: Zitadel;
  readonly ledger: Ledger;
  readonly credentials: CredentialFolder;
  readonly clock: Clock;
  readonly call: CallOptions;
}

/** One thing that is due. What it is can be shown and kept; making it needs the run. */
export interface SetupChange {
  readonly action: 'create' | 'update' | 'adopt' | 'rotate' | 'remove' | 'release';
  /** What it is about, for a person: `application drawbridge/command`. */
  readonly title: string;
  readonly fields: readonly SetupField[];
  /** What the ledger is to say before anything is made. */
  readonly intent?: readonly [string, LedgerEntry];
  readonly make: (run: Run) => Promise<void>;
}

/** Something that is in the way: it has the name or id of a wished object, and we did not make it. */
export interface ForeignObject {
  readonly title: string;
  readonly id: string;
  /** What would change if it were taken over. */
  readonly fields: readonly SetupField[];
}

/** What there is, by the names that the wish has for it. */
export interface Present {
  readonly projects: Map<string, string>;
  /** By `project/application`. */
  readonly applications: Map<string, { readonly id: string; readonly clientId: string }>;
  readonly accounts: Map<string, string>;
  readonly targets: Map<string, string>;
}

/** What a plan is made in. */
export interface Planning {
  readonly wish: ZitadelWish;
  readonly reading: Reading;
  readonly ledger: Ledger;
  readonly credentials: CredentialFolder;
  readonly adopt: boolean;
  readonly prune: boolean;
  /** Names of credentials to replace, or all of them. */
  readonly rotate: readonly string[] | 'all';
  readonly now: Date;
  readonly changes: SetupChange[];
  readonly foreign: ForeignObject[];
  readonly notes: string[];
  readonly present: Present;
}

/** A wished object beside what was found. */
export interface Compared {
  /** Its key in the ledger. */
  readonly key: string;
  readonly title: string;
  readonly found: { readonly id: string; readonly fields: Readonly<Record<string, unknown>> } | undefined;
  readonly wanted: Readonly<Record<string, unknown>>;
  /** What the ledger says before it is made. */
  readonly intent: LedgerEntry;
  readonly create: (run: Run) => Promise<void>;
  readonly update: (run: Run, fields: readonly SetupField[]) => Promise<void>;
}

/** Whose an object is after the plan: ours, to be made, or in the way. */
export type Standing = 'ours' | 'absent' | 'foreign';

/** Compares one object, and notes what is due. What we did not make is not touched unless it is to be adopted. */
export function compare(planning: Planning, compared: Compared): Standing {
  const { key, title, found, wanted, intent, create, update } = compared;
  const { ledger, adopt, changes, foreign } = planning;
  const entry = ledger.get(key);
  if (!found) {
    const fields = differences(undefined, wanted);
    const isKnown = entry !== undefined && (intent.id === undefined || intent.id === entry.id);
    changes.push({
      action: 'create',
      title,
      fields,
      make: create,
      ...(isKnown ? {} : { intent: [key, intent] }),
    });
    return 'absent';
  }
  const fields = differences(found.fields, wanted);
  if (!entry && !adopt) {
    foreign.push({ title, id: found.id, fields });
    return 'foreign';
  }
  const make = async (run: Run) => {
    if (fields.length > 0) await update(run, fields);
  };
  const id: LedgerEntry = { ...entry, id: found.id };
  if (!entry) changes.push({ action: 'adopt', title, fields, make, intent: [key, { ...id, adopted: true }] });
  else if (fields.length > 0)
    changes.push({
      action: 'update',
      title,
      fields,
      make,
      ...(entry.id === found.id ? {} : { intent: [key, id] }),
    });
  return 'ours';
}

/** Compares a part of an object that is ours or being made: it needs no entry of its own. */
export function comparePart(
  { changes }: Planning,
  part: Pick<Compared, 'title' | 'wanted'> & {
    readonly present: Readonly<Record<string, unknown>> | undefined;
    readonly make: (run: Run) => Promise<void>;
  },
): void {
  const { title, present, wanted, make } = part;
  const fields = differences(present, wanted);
  if (fields.length > 0) changes.push({ action: present ? 'update' : 'create', title, fields, make });
}
