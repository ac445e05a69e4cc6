import { DrawbridgeError } from '@drawbridge/kit';
import { StatusError } from './wire/index.ts';

/** Our own account is at fault, or Kubernetes' authorizer: nothing that the caller could wait for. */
const ours =
  /^(?:zitadel_forbidden|zitadel_unauthenticated|membership_missing|credentials_refused|instance_not_found|kubernetes_|invalid_kubeconfig)/;

/**
 * What the caller is told of a failure underneath: that Zitadel cannot be asked, and never what it wrote. No answer says when to try
 * again: kubectl would silently wait for minutes.
 */
export function translateFailure(caught: unknown): DrawbridgeError {
  const error = DrawbridgeError.from(caught);
  if (error instanceof StatusError || error.code === 'internal') return error;
  if (ours.test(error.code)) {
    const message = `Internal error occurred: this server is not set up to answer that (${error.code})`;
    return new StatusError('internal', message, undefined, { cause: error });
  }
  const message = `Zitadel cannot be asked at present (${error.code}).`;
  return new StatusError('unreachable', message, undefined, { cause: error });
}
