import type { Fetch } from '@drawbridge/kit';
import type { Zitadel } from '../client/index.ts';
import type { ServiceAccount } from '../credentials/index.ts';

/** What the checks of an instance look at; later ones use what earlier ones found. */
export interface InstancePatient {
  readonly issuer: string;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** Time of this machine, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly loadKey: () => Promise<ServiceAccount>;
  /** Where a new key is to be put, for the advice: a path, or words. */
  readonly keyPlace: string;
  readonly zitadel: () => Promise<Zitadel>;
  /** Milliseconds by which this machine is ahead of Zitadel, once an answer told. */
  skewMs: number | undefined;
}
