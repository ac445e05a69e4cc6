import type { ErrorCode } from '@drawbridge/kit';

/** Why something is not ready yet, in words for a person. */
export interface Reason {
  readonly code: Extract<
    ErrorCode,
    | 'stack_not_ready'
    | 'pod_unschedulable'
    | 'image_unavailable'
    | 'container_config_invalid'
    | 'pod_crashing'
    | 'pod_refused'
    | 'job_failed'
  >;
  /** One clause, such as `pod zitadel-init-x7k2p is Pending, too little memory`. It changes only when the state does. */
  readonly text: string;
  /** Which object it is about, such as `pod zitadel/zitadel-init-x7k2p`. */
  readonly where?: string;
  /** The cluster's own words. */
  readonly saw?: string;
  readonly why?: string;
  readonly fix?: string;
  /** Whether waiting cannot help: nothing but a change of the object's spec does. */
  readonly hopeless?: boolean;
  /** Whose last lines tell more. */
  readonly log?: { readonly pod: string; readonly container: string; readonly previous: boolean };
  /** Whether it is so at the begin of every wait, and not worth telling before a second is over. */
  readonly passing?: boolean;
  /** What a pod that no node takes asks for, in bytes. */
  readonly memory?: number;
}
