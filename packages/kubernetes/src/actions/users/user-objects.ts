import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { DrawbridgeError, type Logger, silentLogger } from '@drawbridge/kit';
import type { Cluster, KubeObject, ResourceType } from '../../cluster/index.ts';
import { apiVersionOf } from '../../cluster/index.ts';
import { users } from '../../milo/index.ts';
import type { SignInStatus } from './profile.ts';

/** A person to be. */
export interface NewUser {
  /** The user id in Zitadel, and the object's name. */
  readonly id: string;
  readonly email: string;
  readonly givenName?: string;
  readonly familyName?: string;
}

/** Something that is to be read at a user's object: by `kubectl describe`. */
export interface Note {
  /** Tells it from others for good, so that it is written once. */
  readonly key: string;
  readonly at: Date;
  /** One word in camel case. */
  readonly reason: string;
  readonly type: 'Normal' | 'Warning';
  readonly text: string;
}

/** User objects, wherever they are kept. Every call may be repeated. */
export interface UserObjects {
  /** @returns whether it was not there before; one that is there stays as it is */
  create(user: NewUser, signal: AbortSignal): Promise<boolean>;
  /** Replaces what earlier sign-ins said. @returns whether there is such a user */
  setSignIn(id: string, status: SignInStatus, signal: AbortSignal): Promise<boolean>;
  /** @returns whether there is such a user */
  note(id: string, note: Note, signal: AbortSignal): Promise<boolean>;
}

/** Who owns the fields of the status that we write, and who speaks in Events. */
const fieldManager = 'drawbridge-actions-server';
const controller = 'drawbridge.internal/actions-server';

interface EventObject extends KubeObject {
  readonly kind: 'Event';
  readonly [field: string]: unknown;
}

const events: ResourceType<EventObject> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};
/** Where Events of cluster-scoped objects are. */
const eventNamespace = 'default';

/** Codes that say something of the cluster, and nothing of the object: setting it right is all that is needed. */
const clusterFaults = new Set([
  'kubernetes_unauthenticated',
  'kubernetes_forbidden',
  'kubernetes_kind_missing',
  'kubernetes_failed',
  'invalid_kubeconfig',
]);

/** A control plane that has no Events, or none for us: that is no reason to keep User objects waiting. */
const unsaid = new Set(['kubernetes_forbidden', 'kubernetes_kind_missing', 'kubernetes_invalid']);

/** User objects of a Milo, or of any cluster with its definitions. */
export function createUserObjects(
  cluster: Pick<Cluster, 'objects'>,
  logger: Logger = silentLogger,
): UserObjects {
  const objects = cluster.objects(users);
  const notes = cluster.objects(events, eventNamespace);
  return {
    create: ({ id, email, givenName, familyName }, signal) =>
      calling(signal, 'kubernetes_already_exists', async (call) => {
        const spec = {
          email,
          ...(givenName === undefined ? {} : { givenName }),
          ...(familyName === undefined ? {} : { familyName }),
        };
        await objects.create({ metadata: { name: id }, spec }, call);
      }),
    setSignIn: (id, status, signal) =>
      calling(signal, 'kubernetes_not_found', async (call) => {
        await objects.applyStatus(id, status, { ...call, fieldManager });
      }),
    async note(id, note, signal) {
      const found = await asked(signal, (call) => objects.find(id, call));
      if (!found) return false;
      const event = {
        metadata: { name: `zitadel.${createHash('sha256').update(note.key).digest('hex').slice(0, 32)}` },
        eventTime: note.at.toISOString().replace('Z', '000Z'),
        reportingController: controller,
        reportingInstance: hostname().slice(0, 128) || 'actions-server',
        action: 'Observed',
        reason: note.reason,
        type: note.type,
        note: note.text,
        regarding: { apiVersion: apiVersionOf(users), kind: users.kind, name: id, uid: found.metadata.uid },
      };
      await asked(signal, async (call) => {
        try {
          await notes.create(event, call);
        } catch (err) {
          const code = err instanceof DrawbridgeError ? err.code : 'internal';
          if (code === 'kubernetes_already_exists') return;
          if (!unsaid.has(code)) throw err;
          logger.warn({ component: 'actions-server', code, user: id }, 'an Event could not be written');
        }
      });
      return true;
    },
  };
}

/** Below the time that an event has, so that it is our deadline that says what happened. */
const callMs = 8_000;

/** @returns whether the call was done; false for the one answer that is expected */
async function calling(
  signal: AbortSignal,
  expected: string,
  work: (call: { readonly signal: AbortSignal }) => Promise<void>,
): Promise<boolean> {
  return await asked(signal, async (call) => {
    try {
      await work(call);
      return true;
    } catch (error) {
      if (error instanceof DrawbridgeError && error.code === expected) return false;
      throw error;
    }
  });
}

async function asked<T>(
  signal: AbortSignal,
  work: (call: { readonly signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(callMs);
  try {
    return await work({ signal: AbortSignal.any([signal, deadline]) });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (deadline.aborted)
      throw new DrawbridgeError('timeout', { message: 'kube-apiserver was too slow.', cause });
    if (cause instanceof DrawbridgeError && clusterFaults.has(cause.code))
      throw new DrawbridgeError('unreachable', {
        message: `User objects cannot be written at present (${cause.code}).`,
        cause,
      });
    throw cause;
  }
}
