import type { Clock, Secret } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import { exactField } from '../query/index.ts';
import { alreadyExists, type Entry, forbidden, invalid, objectNotFound } from '../wire/index.ts';
import { AccountKeys, type KeyPlace } from './account-keys.ts';
import { type AccountScopeOptions, accountScopeOf } from './account-scope.ts';
import { type AccountKey, accountField, keyDescription, keyObject } from './key-object.ts';
import { type KeyLife, type KeySpec, readKeySpec } from './key-spec.ts';
import type { Call, Listed, NewObject, ResourceAccess, VirtualResource } from './resource.ts';
import { stableUid } from './uid.ts';

/** What keys are made, listed and removed with. */
export interface ServiceAccountKeysOptions extends ResourceAccess, AccountScopeOptions {
  readonly zitadel: Pick<Zitadel, 'users' | 'organizations'>;
  readonly life: KeyLife;
  /** Project that tokens of these keys have to be for, so that they can be introspected; it goes into the credentials document. */
  readonly introspectionProjectId?: string;
  readonly clock: Clock;
}

/**
 * The keys of service accounts: of those in the project that the caller comes through, for whom Kubernetes lets have them; and of
 * itself, for a service account that calls.
 */
export function createServiceAccountKeyResource(options: ServiceAccountKeysOptions): VirtualResource {
  const { zitadel, clock } = options;
  const keys = new AccountKeys(zitadel, clock);
  const kept = new WeakMap<Listed, { readonly key: AccountKey; readonly place: KeyPlace }>();
  const beingMade = new Set<string>();

  const listed = (key: AccountKey, place: KeyPlace): Listed => {
    const entry = keyObject(key, clock.now());
    kept.set(entry, { key, place });
    return entry;
  };

  return {
    description: keyDescription,

    async *list(call, { fields }) {
      const place = await placeOf(call, 'list', keys, options);
      for (const key of await keys.list(place, exactField(fields, accountField), call.signal))
        yield listed(key, place);
    },

    async get(call, name, verb) {
      const place = await placeOf(call, verb, keys, options, name);
      const key = await keys.find(place, name, call.signal);
      if (key === undefined) throw objectNotFound(call.resource, name);
      return listed(key, place);
    },

    async create(call, object, { dryRun }) {
      const spec = readKeySpec(call, object, options.life, clock.now());
      const place = await placeOf(call, 'create', keys, options);
      const account = await keys.account(place, spec.account, call.signal);
      if (account === undefined) {
        const message = `Not found: ${JSON.stringify(spec.account)}`;
        const cause = { reason: 'FieldValueNotFound', field: accountField, message };
        throw invalid(call.resource, object.name, [cause]);
      }
      const reserved = JSON.stringify([place.organizationId, object.name]);
      if (beingMade.has(reserved)) throw alreadyExists(call.resource, object.name);
      beingMade.add(reserved);
      try {
        if (await keys.find({ organizationId: place.organizationId }, object.name, call.signal))
          throw alreadyExists(call.resource, object.name);
        if (dryRun) return tried(object, spec, clock.now());
        return await makeKey(call, { object, spec, place, userId: account.userId }, keys, options);
      } finally {
        beingMade.delete(reserved);
      }
    },

    async remove({ signal }, entry) {
      const found = kept.get(entry);
      if (found) await keys.remove(found.place, found.key, signal);
    },
  };
}

/**
 * Where the caller may do this: in the project's organization where Kubernetes says so, else with its own keys, where it is a service
 * account there.
 *
 * @throws {StatusError} `forbidden`, for every name alike
 */
async function placeOf(
  { caller, resource, signal }: Call,
  verb: 'create' | 'delete' | 'get' | 'list' | 'deletecollection',
  keys: AccountKeys,
  options: ServiceAccountKeysOptions,
  name?: string,
): Promise<KeyPlace> {
  const scope = accountScopeOf(caller, options);
  const question = {
    caller,
    verb,
    group: resource.group,
    resource: resource.plural,
    ...(name === undefined ? {} : { name }),
    ...(scope?.project === undefined ? {} : { project: scope.project }),
  };
  const answer = scope && (await options.decide(question, signal));
  if (scope && answer?.allowed) return { organizationId: scope.organizationId };
  const own = await keys.accountById(caller.uid, signal);
  if (own && (scope === undefined || scope.organizationId === own.organizationId))
    return { organizationId: own.organizationId, userId: own.userId };
  throw forbidden(resource, {
    user: caller.username,
    verb,
    why:
      scope === undefined
        ? 'it was asked for outside of a project'
        : (answer?.reason ?? 'no reason was given'),
    ...(name === undefined ? {} : { name }),
  });
}

interface Wanted {
  readonly object: NewObject;
  readonly spec: KeySpec;
  readonly place: KeyPlace;
  readonly userId: string;
}

async function makeKey(
  { signal }: Call,
  { object, spec, place, userId }: Wanted,
  keys: AccountKeys,
  options: ServiceAccountKeysOptions,
): Promise<Entry & { readonly secret: boolean }> {
  const { account, expiresAt, publicKey } = spec;
  const { name, labels, annotations } = object;
  const { users } = options.zitadel;
  const added = await users.addKey(
    userId,
    { expiresAt, ...(publicKey === undefined ? {} : { publicKey }) },
    { signal },
  );
  const record = {
    keyId: added.keyId,
    userId,
    createdAt: added.createdAt ?? new Date(options.clock.now()).toISOString(),
    expiresAt: expiresAt.toISOString(),
    labels,
    annotations,
  };
  try {
    await keys.remember(
      place,
      name,
      { ...record, ...(publicKey === undefined ? {} : { publicKey }) },
      signal,
    );
  } catch (error) {
    // Nobody will have had it: a key without its name could not be found by who wanted it. The wait has its own time.
    await users.removeKey(userId, added.keyId, { signal: AbortSignal.timeout(giveBackMs) });
    throw error;
  }
  const document =
    added.keyFile &&
    credentials(added.keyFile, { keyId: added.keyId, userId, account }, options.introspectionProjectId);
  const more = document === undefined ? {} : { privateKey: document };
  const entry = keyObject({ name, account, publicKey, ...record }, options.clock.now(), more);
  return { ...named(entry, object), secret: document !== undefined };
}

const giveBackMs = 5_000;
const usualScope = 'openid profile email offline_access';

/** The document that programs sign in with. It leaves our hands here, in the one answer that has it. */
function credentials(
  keyFile: Secret<string>,
  { keyId, userId, account }: { readonly keyId: string; readonly userId: string; readonly account: string },
  projectId: string | undefined,
): string {
  const { key } = JSON.parse(keyFile.expose()) as { readonly key: string };
  return JSON.stringify({
    type: 'datum_service_account',
    client_id: userId,
    private_key_id: keyId,
    private_key: key,
    client_email: account,
    ...(projectId === undefined
      ? {}
      : { scope: `${usualScope} urn:zitadel:iam:org:project:id:${projectId}:aud` }),
  });
}

/** What would be made. */
function tried(object: NewObject, spec: KeySpec, now: number): Entry & { readonly secret: boolean } {
  const { name, labels, annotations } = object;
  const entry = keyObject(
    {
      name,
      keyId: '',
      userId: '',
      account: spec.account,
      createdAt: new Date(now).toISOString(),
      expiresAt: spec.expiresAt.toISOString(),
      labels,
      annotations,
      publicKey: spec.publicKey,
    },
    now,
  );
  const { authProviderKeyID: _none, ...status } = entry.object.status ?? {};
  const metadata = { ...entry.object.metadata, uid: stableUid('dry run', name, String(now)) };
  return { ...named({ ...entry, object: { ...entry.object, metadata, status } }, object), secret: false };
}

/** The answer to a creation keeps what the name was made of. */
function named(entry: Entry, { generateName }: NewObject): Entry {
  if (generateName === '') return entry;
  const { object, cells } = entry;
  return { cells, object: { ...object, metadata: { ...object.metadata, generateName } } };
}
