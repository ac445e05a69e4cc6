import { type Clock, DrawbridgeError, type Secret } from '@drawbridge/kit';
import { makeKeyPair, proveServiceAccountKey, serviceAccountKeyFile } from '@drawbridge/zitadel';
import { type SecretObject, type Stored, secrets } from '../../cluster/index.ts';
import type { ReconcileContext } from '../runtime/index.ts';
import type { Account, KeySecretRef } from './account.ts';
import { credentialsDocument } from './credentials-document.ts';
import { type KeyJournal, readKeyJournal, writeKeyJournal } from './key-journal.ts';
import { callOf, type Plane, type ReconcilerParts } from './parts.ts';

/** How old keys in Secrets get. */
export interface KeyRotationTimes {
  /** A key this old is replaced, in milliseconds. Default 30 days. */
  readonly maxAgeMs?: number;
  /** How long a key is made for, in milliseconds. Default three times that, so that a stopped rotation is seen in time. */
  readonly lifeMs?: number;
  /** How long the former key stays good, in milliseconds. Default 24 h. */
  readonly overlapMs?: number;
}

/** Whose key is kept where. */
export interface KeptAccount {
  readonly object: Stored<Account>;
  readonly email: string;
  readonly secret: KeySecretRef;
  readonly plane: Plane;
}

/** Keeps keys of machines in Secrets. */
export interface KeyKeeper {
  /**
   * Sees to it that the Secret holds a key that works and is not old.
   *
   * @returns when to look again, or why the Secret is not to be touched
   */
  keep(
    account: KeptAccount,
    context: ReconcileContext,
  ): Promise<{ readonly againAfterMs?: number; readonly refused?: string }>;
}

/** Entry of the Secret with the key as Zitadel writes it, for whatever signs in to Zitadel. */
const keyEntry = 'key.json';
/** The same key as Milo's tools read it. */
const credentialsEntry = 'credentials.json';
/** uid of the account: a Secret without it was made by others, and is never written to. */
const ownerAnnotation = 'drawbridge.internal/service-account-uid';
const journalAnnotation = 'drawbridge.internal/key-rotation';

const day = 86_400_000;

/**
 * Makes the keeper. A key is made here, added at Zitadel, proved by a token, and only then put into the Secret, in one write with
 * the note of which key it replaces; that one is taken away after the overlap. Whatever step a crash comes at, the Secret holds a
 * key that works, and the next look finishes or takes back the rest.
 *
 * @throws {DrawbridgeError} `invalid_settings` for a life that is not longer than age and overlap together
 */
export function createKeyKeeper(
  parts: ReconcilerParts,
  options: KeyRotationTimes & { readonly introspectionProjectId?: string } = {},
): KeyKeeper {
  const { zitadel, clock, random, metrics } = parts;
  const maxAgeMs = options.maxAgeMs ?? 30 * day;
  const lifeMs = options.lifeMs ?? 3 * maxAgeMs;
  const overlapMs = options.overlapMs ?? day;
  if (!(maxAgeMs > 0 && overlapMs >= 0 && lifeMs > maxAgeMs + overlapMs)) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'A key has to live longer than the age it is replaced at and the overlap together.',
    });
  }

  const rotate = async (account: KeptAccount, present: Stored<SecretObject>, context: ReconcileContext) => {
    const { object, plane, secret } = account;
    const { uid } = object.metadata;
    const call = callOf(context);
    const client = plane.cluster.objects(secrets, secret.namespace);
    const now = clock.now();
    const journal = journalOf(present);
    // Its end is the key's mark: to the millisecond, and by chance, no other key has it.
    const expiresAt = now + lifeMs + Math.floor(random() * 60_000);
    const pair = await makeKeyPair();
    const asked = [...journal.asked, { expiresAt, since: now }];
    const noted = await context.write(() =>
      client.replace(withJournal(present, { ...journal, asked }), call),
    );
    const { keyId } = await context.write(() =>
      zitadel.users.addKey(uid, { expiresAt: new Date(expiresAt), publicKey: pair.publicPem }, call),
    );
    const file = serviceAccountKeyFile(uid, keyId, pair, expiresAt);
    await proveServiceAccountKey(zitadel, file, clock);
    const retiring =
      journal.current === undefined
        ? journal.retiring
        : [...journal.retiring, { keyId: journal.current.keyId, after: clock.now() + overlapMs }];
    const next: KeyJournal = { asked: journal.asked, retiring, current: { keyId, since: now, expiresAt } };
    await context.write(() => client.replace(withKey(withJournal(noted, next), account, file), call));
    metrics.count('drawbridge_service_account_keys_total', { outcome: 'added' });
    plane.event(object, {
      type: 'Normal',
      action: 'RotateKey',
      reason: 'KeyRotated',
      note: `The Secret ${secret.namespace}/${secret.name} holds a new key, ${keyId}, which has brought a token.`,
    });
    return next;
  };

  const withKey = (
    object: Stored<SecretObject>,
    { email }: KeptAccount,
    file: Secret<string>,
  ): Stored<SecretObject> => ({
    ...object,
    data: {
      ...object.data,
      [keyEntry]: base64(file.expose()),
      [credentialsEntry]: base64(credentialsDocument(file, email, options.introspectionProjectId).expose()),
    },
  });

  /** Takes away what a broken-off look left, and replaced keys whose time is over. */
  const tidy = async (account: KeptAccount, present: Stored<SecretObject>, context: ReconcileContext) => {
    const { object, plane, secret } = account;
    const { uid } = object.metadata;
    const call = callOf(context);
    const journal = journalOf(present);
    const now = clock.now();
    const due = journal.retiring.filter(({ after }) => after <= now);
    if (due.length === 0 && journal.asked.length === 0) return present;
    const listed = await zitadel.users.listKeys({ userId: uid }, call).all();
    const orphans = listed.filter(
      ({ id, expirationDate = '' }) =>
        id !== journal.current?.keyId &&
        journal.asked.some(({ expiresAt }) => expiresAt === Date.parse(expirationDate)),
    );
    for (const keyId of [...due.map((one) => one.keyId), ...orphans.map(({ id }) => id)]) {
      if (keyId === journal.current?.keyId) continue;
      await context.write(() => zitadel.users.removeKey(uid, keyId, call));
      metrics.count('drawbridge_service_account_keys_total', { outcome: 'removed' });
    }
    const found = new Set(orphans.map(({ expirationDate = '' }) => Date.parse(expirationDate)));
    const next: KeyJournal = {
      ...journal,
      retiring: journal.retiring.filter(({ after }) => after > now),
      // Lists lag by seconds; what is not listed after this time was never made.
      asked: journal.asked.filter(
        ({ expiresAt, since }) =>
          expiresAt !== journal.current?.expiresAt && !found.has(expiresAt) && now - since < longestLagMs,
      ),
    };
    if (JSON.stringify(next) === JSON.stringify(journal)) return present;
    const client = plane.cluster.objects(secrets, secret.namespace);
    return await context.write(() => client.replace(withJournal(present, next), call));
  };

  const obtain = async ({ object, plane, secret }: KeptAccount, context: ReconcileContext) => {
    const call = callOf(context);
    const client = plane.cluster.objects(secrets, secret.namespace);
    const present = await client.find(secret.name, call);
    if (present) return present;
    const { apiVersion, kind, metadata } = object;
    return await context.write(() =>
      client.create(
        {
          metadata: {
            name: secret.name,
            namespace: secret.namespace,
            annotations: { [ownerAnnotation]: metadata.uid },
            labels: { 'app.kubernetes.io/managed-by': 'drawbridge' },
            // It goes with the account.
            ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }],
          },
          type: 'Opaque',
        },
        call,
      ),
    );
  };

  return {
    async keep(account, context) {
      const { object, secret } = account;
      const present = await obtain(account, context);
      if (present.metadata.annotations?.[ownerAnnotation] !== object.metadata.uid) {
        return {
          refused: `The Secret ${secret.namespace}/${secret.name} was not made for this account, and is left as it is.`,
        };
      }
      const tidied = await tidy(account, present, context);
      let journal = journalOf(tidied);
      const now = clock.now();
      const { current } = journal;
      const gone = current === undefined || tidied.data?.[keyEntry] === undefined;
      const old =
        current !== undefined && (now - current.since >= maxAgeMs || current.expiresAt - now <= overlapMs);
      if (gone || old) {
        try {
          journal = await rotate(account, tidied, context);
        } catch (error) {
          metrics.count('drawbridge_service_account_keys_total', { outcome: 'failed' });
          throw error;
        }
      }
      return { againAfterMs: nextLookMs(journal, { maxAgeMs, clock }) };
    },
  };
}

const longestLagMs = 3_600_000;

function nextLookMs(
  { current, retiring, asked }: KeyJournal,
  { maxAgeMs, clock }: { readonly maxAgeMs: number; readonly clock: Clock },
): number {
  const now = clock.now();
  const moments = [
    ...(current ? [current.since + maxAgeMs] : []),
    ...retiring.map(({ after }) => after),
    ...(asked.length > 0 ? [now + 60_000] : []),
  ];
  return Math.max(1_000, Math.min(...moments) - now);
}

function journalOf({ metadata }: Stored<SecretObject>): KeyJournal {
  return readKeyJournal(metadata.annotations?.[journalAnnotation]);
}

function withJournal(object: Stored<SecretObject>, journal: KeyJournal): Stored<SecretObject> {
  const annotations = { ...object.metadata.annotations, [journalAnnotation]: writeKeyJournal(journal) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
