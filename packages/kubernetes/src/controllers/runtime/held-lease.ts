import { type Clock, DrawbridgeError } from '@drawbridge/kit';
import type { Lease, LeaseSpec, ObjectClient, Stored } from '../../cluster/index.ts';
import { microTime } from './micro-time.ts';

/** Whose lease, and by which clocks. */
export interface HeldLeaseOptions {
  readonly client: ObjectClient<Lease>;
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  readonly leaseMs: number;
  /** For what is written into the record. */
  readonly clock: Clock;
  /** For what is measured. */
  readonly monotonic: () => number;
}

/** A Lease as one of those sees it who want it. */
export interface HeldLease {
  /** Who has it, as last seen; empty for nobody, undefined before it was seen. */
  readonly holder: string | undefined;
  /** When we last knew that it was ours. */
  readonly renewedAt: number;
  /** Takes or renews it. True where it is ours afterwards. */
  take(signal: AbortSignal): Promise<boolean>;
  /** Empties it where it is, or may be, ours. */
  giveBack(signal: AbortSignal): Promise<void>;
}

interface Observed {
  readonly lease: Stored<Lease>;
  /** What the record said; only a change of it says that its holder lives. */
  readonly record: string;
  /** By our own clock: those of others do not count. */
  readonly at: number;
}

/** Makes what reads and writes the Lease of an elector. */
export function createHeldLease(options: HeldLeaseOptions): HeldLease {
  const { client, namespace, name, identity, leaseMs, clock, monotonic } = options;
  let observed: Observed | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  /** Whether a write has gone out whose answer never came: it may have been taken all the same. */
  let unsure = false;

  const see = (lease: Stored<Lease>) => {
    const record = JSON.stringify(lease.spec ?? {});
    observed = { lease, record, at: observed?.record === record ? observed.at : monotonic() };
    unsure = false;
  };
  const holder = () => (observed === undefined ? undefined : (observed.lease.spec?.holderIdentity ?? ''));
  const specNow = (former: LeaseSpec | undefined): LeaseSpec => {
    const now = microTime(clock.now());
    const kept = former?.holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseMs / 1_000),
      acquireTime: kept ? (former.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: (former?.leaseTransitions ?? 0) + (kept || former === undefined ? 0 : 1),
    };
  };
  const write = async (send: () => Promise<Stored<Lease>>) => {
    const began = monotonic();
    unsure = true;
    see(await send());
    // From before the call: the record may have been written at its very beginning.
    renewedAt = began;
  };
  const put = (lease: Stored<Lease>, signal: AbortSignal) =>
    write(() => client.replace({ ...lease, spec: specNow(lease.spec) }, { signal }));

  /** Reads before it writes: a renewal that was cut off may have been taken. */
  const isGivenBack = async (signal: AbortSignal): Promise<boolean> => {
    const lease = await client.find(name, { signal });
    if (lease?.spec?.holderIdentity !== identity) return true;
    const now = microTime(clock.now());
    const spec = {
      ...lease.spec,
      holderIdentity: '',
      leaseDurationSeconds: 1,
      renewTime: now,
      acquireTime: now,
    };
    try {
      see(await client.replace({ ...lease, spec }, { signal }));
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  };

  return {
    get holder() {
      return holder();
    },
    get renewedAt() {
      return renewedAt;
    },
    async take(signal) {
      if (observed && holder() === identity && monotonic() < observed.at + leaseMs) {
        try {
          await put(observed.lease, signal);
          return true;
        } catch (error) {
          // Somebody wrote in between: look at what is there now.
          if (!isTaken(error)) throw error;
        }
      }
      const lease = await client.find(name, { signal });
      if (!lease) {
        const draft = { metadata: { name, namespace }, spec: specNow(undefined) };
        await write(() => client.create(draft, { signal }));
        return true;
      }
      see(lease);
      const { holderIdentity = '', leaseDurationSeconds } = lease.spec ?? {};
      const validMs = (leaseDurationSeconds ?? Math.ceil(leaseMs / 1_000)) * 1_000;
      const free = holderIdentity === '' || holderIdentity === identity;
      if (!free && monotonic() < (observed?.at ?? 0) + validMs) return false;
      await put(lease, signal);
      return true;
    },
    async giveBack(signal) {
      if (holder() !== identity && !unsure) return;
      while (!(await isGivenBack(signal)));
    },
  };
}

/** Whether somebody else was faster. */
export function isTaken(error: unknown): boolean {
  return (
    error instanceof DrawbridgeError &&
    (error.code === 'kubernetes_conflict' || error.code === 'kubernetes_already_exists')
  );
}
