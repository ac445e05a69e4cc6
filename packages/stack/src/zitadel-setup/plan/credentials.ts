import { DrawbridgeError, type Secret } from '@drawbridge/kit';
import { credentialFile, keyIdOf } from '../credential-folder.ts';
import type { LedgerEntry } from '../ledger.ts';
import { keyOf } from '../names.ts';
import type { Planning, Run } from './planning.ts';
import type { ReadCredential } from './read-credentials.ts';

/** What signs in with a credential. */
export type Holder = {
  readonly name: string;
  /** Whether it was found, or is yet to be made. */
  readonly isThere: boolean;
} & (
  | { readonly of: 'account'; readonly kind: 'key'; readonly userId: string; readonly days: number }
  | {
      readonly of: 'application';
      readonly kind: 'key' | 'secret';
      readonly project: { readonly name: string; readonly id: string };
      readonly days: number;
    }
);

/** Keys that end sooner are told, in days. */
const soonDays = 14;
const dayMs = 86_400_000;
/** How far our clock may be ahead of Zitadel's, in milliseconds. */
const skewMs = 60_000;

/** A key or secret that is due. */
interface Due {
  readonly action: 'create' | 'rotate';
  /** Keys that go on working. */
  readonly former: readonly string[];
  /** Keys whose private half nobody has. */
  readonly orphans?: readonly string[];
}

/**
 * What the key or secret of one account or application needs. It is made where there is none, and where it is to be rotated. Zitadel
 * shows the private half once: a run that ended between having it and keeping it leaves a key that nobody can use, which the next run
 * takes away.
 */
export function planCredential(planning: Planning, holder: Holder): void {
  const { ledger, reading, changes, now } = planning;
  const holderKey = holderKeyOf(holder);
  const key = keyOf.credential(holderKey);
  const entry = holder.isThere ? ledger.get(key) : undefined;
  const read = reading.credentials.get(holderKey) ?? { listed: [], file: undefined };
  const title = `${holder.kind} of ${titleOf(holder)}`;
  const kept = read.file?.keyId;
  if (entry && entry.id === undefined && kept !== undefined && read.listed.some(({ id }) => id === kept)) {
    changes.push({
      action: 'update',
      title: `${title}, which an earlier run made`,
      fields: [],
      make: async (run) => await run.ledger.write({ [key]: confirmed(kept, entry.former ?? []) }, run.call),
    });
    return;
  }
  const due = dueOf(planning, holder, entry, read);
  if (!due) {
    if (entry) planKept(planning, holder, key, entry, read);
    else planning.notes.push(`The ${title} was made elsewhere; --rotate ${holder.name} makes one for here.`);
    return;
  }
  const { former, orphans = [] } = due;
  changes.push({
    action: due.action,
    title,
    fields: [
      { field: 'file', to: credentialFile(holderKey, holder.kind) },
      // A person may know of one what we cannot: that it was made by hand since.
      ...orphans.map((id) => ({ field: 'key', from: id, to: 'none' })),
    ],
    intent: [key, { since: now.toISOString(), ...(former.length > 0 ? { former } : {}) }],
    async make(run) {
      for (const id of orphans) await removeKey(run, holder, id);
      await makeCredential(run, holder, key, former);
    },
  });
}

function dueOf(
  { ledger, rotate, adopt }: Planning,
  holder: Holder,
  entry: LedgerEntry | undefined,
  { listed }: ReadCredential,
): Due | undefined {
  const isRotated = rotate === 'all' || rotate.includes(holder.name);
  if (!holder.isThere) return { action: 'create', former: [] };
  if (!entry) {
    const own = ledger.get(holderKeyOf(holder));
    // Of an application that was taken over, whoever used its secret until now still does.
    const isOurs = own !== undefined && (holder.kind === 'key' || own.adopted !== true);
    const isFree = (isOurs || (adopt && holder.kind === 'key')) && listed.length === 0;
    return isFree || isRotated ? { action: 'create', former: [] } : undefined;
  }
  const { former = [] } = entry;
  if (entry.id === undefined) {
    const since = Date.parse(entry.since ?? '') - skewMs;
    const orphans = listed
      .filter(({ id, createdAt }) => !former.includes(id) && (createdAt?.getTime() ?? 0) >= since)
      .map(({ id }) => id);
    return { action: 'create', former, orphans };
  }
  const isListed = holder.kind === 'secret' || listed.some(({ id }) => id === entry.id);
  if (!isListed) return { action: 'create', former };
  if (!isRotated) return undefined;
  return { action: 'rotate', former: holder.kind === 'key' ? [...former, entry.id] : [] };
}

/** What a person should know of a credential that stays. */
function planKept(
  planning: Planning,
  holder: Holder,
  key: string,
  entry: LedgerEntry,
  { listed, file }: ReadCredential,
): void {
  const { notes, now } = planning;
  const title = `${holder.kind} of ${titleOf(holder)}`;
  if (!file || (holder.kind === 'key' && file.keyId !== entry.id))
    notes.push(`The ${title} is not in the folder; --rotate ${holder.name} makes another.`);
  const end = listed.find(({ id }) => id === entry.id)?.expiresAt;
  const daysLeft = end ? (end.getTime() - now.getTime()) / dayMs : Number.POSITIVE_INFINITY;
  if (daysLeft < soonDays) {
    const days = Math.max(0, Math.floor(daysLeft));
    notes.push(`The ${title} ends in ${days} days; --rotate ${holder.name} replaces it.`);
  }
  const former = (entry.former ?? []).filter((id) => listed.some((one) => one.id === id));
  planFormer(planning, holder, key, { ...entry, former });
}

/** Keys that were replaced work on, until whoever uses them has the new one. */
function planFormer(planning: Planning, holder: Holder, key: string, entry: LedgerEntry): void {
  const { former = [], ...rest } = entry;
  if (former.length === 0) return;
  const title = `former key of ${titleOf(holder)}`;
  if (!planning.prune) {
    planning.notes.push(`The ${title} still works; --prune removes it once the new one is in use.`);
    return;
  }
  for (const [index, id] of former.entries()) {
    planning.changes.push({
      action: 'remove',
      title,
      fields: [{ field: 'key', from: id, to: 'none' }],
      async make(run) {
        await removeKey(run, holder, id);
        const left = former.slice(index + 1);
        await run.ledger.write(
          { [key]: { ...rest, ...(left.length > 0 ? { former: left } : {}) } },
          run.call,
        );
      },
    });
  }
}

async function makeCredential(
  run: Run,
  holder: Holder,
  key: string,
  former: readonly string[],
): Promise<void> {
  const content = await newCredential(run, holder);
  await run.credentials.write(credentialFile(holderKeyOf(holder), holder.kind), content);
  const id = holder.kind === 'key' ? keyIdOf(content) : 'made';
  if (id === undefined)
    throw new DrawbridgeError('invalid_response', { message: 'Zitadel made a key file without an id.' });
  await run.ledger.write({ [key]: confirmed(id, former) }, run.call);
}

async function newCredential({ zitadel, ledger, clock, call }: Run, holder: Holder): Promise<Secret> {
  const expiresAt = new Date(clock.now() + holder.days * dayMs);
  if (holder.of === 'account') {
    const { keyFile } = await zitadel.users.addKey(holder.userId, { expiresAt }, call);
    if (keyFile) return keyFile;
    throw new DrawbridgeError('invalid_response', { message: 'Zitadel made a key and did not give it.' });
  }
  const id = ledger.get(holderKeyOf(holder))?.id ?? '';
  const { id: project } = holder.project;
  if (holder.kind === 'secret') return await zitadel.applications.generateSecret(project, id, call);
  return await zitadel.applications.createKey(project, id, expiresAt, call);
}

async function removeKey({ zitadel, ledger, call }: Run, holder: Holder, keyId: string): Promise<void> {
  if (holder.of === 'account') await zitadel.users.removeKey(holder.userId, keyId, call);
  else
    await zitadel.applications.removeKey(
      holder.project.id,
      ledger.get(holderKeyOf(holder))?.id ?? '',
      keyId,
      call,
    );
}

function confirmed(id: string, former: readonly string[]): LedgerEntry {
  return { id, ...(former.length > 0 ? { former } : {}) };
}

function holderKeyOf(holder: Holder): string {
  return holder.of === 'account'
    ? keyOf.account(holder.name)
    : keyOf.application(holder.project.name, holder.name);
}

function titleOf(holder: Holder): string {
  return holder.of === 'account'
    ? `account ${holder.name}`
    : `application ${holder.project.name}/${holder.name}`;
}
