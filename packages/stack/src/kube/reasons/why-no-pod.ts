import type { ClusterEvent } from '../kinds.ts';
import { latestFirst } from './events.ts';
import type { Reason } from './reason.ts';

/** Who makes pods. */
const makers = new Set(['ReplicaSet', 'StatefulSet', 'Job', 'DaemonSet', 'Deployment', 'Cluster']);

/**
 * Why there is no pod at all: what those who should make it were told.
 *
 * @param otherwise what to say where nobody was told anything, such as `no pod openbao-0 yet`
 * @param ofMaker which of the makers in the namespace count. Default all
 */
export function whyNoPod(
  otherwise: string,
  events: readonly ClusterEvent[],
  now: number,
  ofMaker: (name: string) => boolean = () => true,
): Reason {
  const refused = latestFirst(events, now).find(
    ({ type, reason = '', involvedObject: { kind = '', name = '' } }) =>
      type === 'Warning' && reason.startsWith('Failed') && makers.has(kind) && ofMaker(name),
  );
  if (!refused) return { code: 'stack_not_ready', text: otherwise };
  const { kind = '', name = '' } = refused.involvedObject;
  const message = refused.message ?? refused.reason ?? '';
  const [, webhook] = /failed calling webhook "([^"]+)"/.exec(message) ?? [];
  const [, denying] = /admission webhook "([^"]+)" denied/.exec(message) ?? [];
  return {
    code: 'pod_refused',
    text: `${kind} ${name} cannot make its pod${
      webhook === undefined ? short(message, denying) : `: the webhook ${webhook} does not answer`
    }`,
    where: `${kind.toLowerCase()} ${refused.metadata.namespace ?? 'default'}/${name}`,
    saw: message,
    ...(webhook === undefined
      ? {}
      : {
          why: 'the program behind the webhook is not up yet, or is gone and left its configuration behind',
        }),
  };
}

function short(message: string, denying: string | undefined): string {
  if (denying !== undefined) return `: the webhook ${denying} denies it`;
  if (/violates PodSecurity/i.test(message)) return ': its security settings are not allowed here';
  if (/exceeded quota/i.test(message)) return ': a quota is used up';
  if (/serviceaccount .* not found/i.test(message)) return ': its service account is not there yet';
  return '';
}
