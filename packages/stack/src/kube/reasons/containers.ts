import type { ClusterEvent } from '../kinds.ts';
import type { ContainerStatus, Pod, TerminatedContainer } from '../pod.ts';
import { isImageTrouble, pullByHand, whyNotPulled } from './images.ts';
import type { Reason } from './reason.ts';

/** What a container holds up, if it does. Without `where`, which is the pod's. */
export type Holdup = Omit<Reason, 'where'>;

/** Why a container does not run as it should. */
export function whyContainer(
  pod: Pod,
  status: ContainerStatus,
  events: readonly ClusterEvent[],
  { init }: { readonly init: boolean },
): Holdup | undefined {
  const place = `${init ? 'init container' : 'container'} ${status.name} of pod ${pod.metadata.name}`;
  const { waiting, terminated, running } = status.state ?? {};
  if (waiting) return whyWaiting(pod, status, waiting, events, place);
  if (terminated) {
    if (init && terminated.exitCode === 0) return undefined;
    return crashed(pod, status, terminated, place, false);
  }
  if (!running) return { code: 'stack_not_ready', text: `${place} is not started yet` };
  if (init)
    return status.ready === true ? undefined : { code: 'stack_not_ready', text: `${place} is at work` };
  return status.ready === true ? undefined : whyUnready(pod, status, events, place);
}

function whyWaiting(
  pod: Pod,
  status: ContainerStatus,
  { reason = '', message = '' }: { readonly reason?: string; readonly message?: string },
  events: readonly ClusterEvent[],
  place: string,
): Holdup {
  if (isImageTrouble(reason)) return imageTrouble(pod, status, reason, message, events, place);
  if (reason === 'CrashLoopBackOff') {
    const last = status.lastState?.terminated ?? { exitCode: -1 };
    return crashed(pod, status, last, place, true);
  }
  if (
    /^(CreateContainer(Config)?Error|RunContainerError|PreCreateHookError|PostStartHookError)$/.test(reason)
  )
    return misconfigured(message, reason, place);
  // ContainerCreating and PodInitializing say nothing; the events do.
  const latest = events.find(({ reason: told = '' }) => telling.has(told));
  const image = imageOf(pod, status);
  switch (latest?.reason) {
    case 'Pulling':
      return {
        code: 'stack_not_ready',
        text: `pod ${pod.metadata.name} is pulling ${pulled(latest) ?? image}`,
      };
    case 'FailedMount':
    case 'FailedAttachVolume':
      return {
        code: 'stack_not_ready',
        text: `pod ${pod.metadata.name} cannot mount a volume${missing(latest.message ?? '')}`,
        saw: latest.message ?? latest.reason,
      };
    case 'FailedCreatePodSandBox':
      return {
        code: 'stack_not_ready',
        text: `the node cannot set up pod ${pod.metadata.name}`,
        saw: latest.message ?? latest.reason,
        why: 'the network of the cluster is not ready, or the node lacks something',
      };
    default:
      return { code: 'stack_not_ready', text: `containers of pod ${pod.metadata.name} are being made` };
  }
}

/** Events that say how far the making of containers is; the latest counts. */
const telling = new Set(['Pulling', 'Pulled', 'FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox']);

function imageTrouble(
  pod: Pod,
  status: ContainerStatus,
  reason: string,
  message: string,
  events: readonly ClusterEvent[],
  place: string,
): Holdup {
  // "Back-off pulling image" says that it failed, not why; the event before it does.
  const told = events.find((event) => event.reason === 'Failed' && /pull/i.test(event.message ?? ''));
  const saw = /^back-off/i.test(message) && !message.includes('ErrImagePull') ? told?.message : undefined;
  const words = saw ?? (message === '' ? (told?.message ?? reason) : message);
  const why = whyNotPulled(words);
  const image = imageOf(pod, status);
  const fix = pullByHand(words, image);
  return {
    code: 'image_unavailable',
    text: `${place} cannot pull its image ${image}`,
    saw: words,
    ...(why === undefined ? {} : { why }),
    ...(fix === undefined ? {} : { fix }),
    ...(reason === 'InvalidImageName' || reason === 'ErrImageNeverPull' ? { hopeless: true } : {}),
  };
}

function misconfigured(message: string, reason: string, place: string): Holdup {
  const [, user] = /non-numeric user \(?"?([^)"]*)/.exec(message) ?? [];
  if (user !== undefined)
    return {
      code: 'container_config_invalid',
      text: `${place} is not started: its image's user "${user}" has no number`,
      saw: message,
      why: 'runAsNonRoot is set, and the kubelet cannot tell by a name alone that somebody is not root',
      fix: 'Set runAsUser to a number (1000 for Zitadel) in every security context of the chart.',
      hopeless: true,
    };
  const [, absent] =
    /((?:secret|configmap) "[^"]+") not found/i.exec(message) ??
    /couldn't find key \S+ in ((?:Secret|ConfigMap) \S+)/i.exec(message) ??
    [];
  return {
    code: 'container_config_invalid',
    text:
      absent === undefined
        ? `${place} cannot be made`
        : `${place} waits for ${absent.charAt(0).toLowerCase()}${absent.slice(1)}`,
    saw: message === '' ? reason : message,
  };
}

function crashed(
  pod: Pod,
  { name, restartCount = 0 }: ContainerStatus,
  { exitCode, reason }: TerminatedContainer,
  place: string,
  previous: boolean,
): Holdup {
  const killed = reason === 'OOMKilled';
  const ended = killed
    ? 'was killed for want of memory'
    : exitCode < 0
      ? 'ends again and again'
      : `ended with exit code ${exitCode}`;
  return {
    code: 'pod_crashing',
    text: `${place} ${ended}`,
    saw: `${exitCode < 0 ? 'CrashLoopBackOff' : `exit code ${exitCode}`}${reason === undefined || reason === 'Error' ? '' : `, ${reason}`}, ${restartCount} ${restartCount === 1 ? 'restart' : 'restarts'}`,
    ...(killed ? { why: 'it needs more memory than its limit, or than the node has' } : {}),
    log: { pod: pod.metadata.name, container: name, previous },
  };
}

function whyUnready(
  pod: Pod,
  { name, restartCount = 0, lastState }: ContainerStatus,
  events: readonly ClusterEvent[],
  place: string,
): Holdup {
  const failed = events.find(({ reason, message = '' }) => reason === 'Unhealthy' && /probe/i.test(message));
  const [, probe] = /^(readiness|liveness|startup) probe/i.exec(failed?.message ?? '') ?? [];
  const log = { pod: pod.metadata.name, container: name, previous: false };
  if (failed)
    return {
      code: 'stack_not_ready',
      text: `${place} runs, but its ${probe?.toLowerCase() ?? 'readiness'} probe fails`,
      saw: failed.message ?? 'Unhealthy',
      log,
    };
  const last = lastState?.terminated;
  return {
    code: 'stack_not_ready',
    text:
      restartCount > 0
        ? `${place} runs again after it ended ${restartCount === 1 ? 'once' : `${restartCount} times`}, and is not ready yet`
        : `${place} runs, and is not ready yet`,
    ...(last ? { saw: `before that, exit code ${last.exitCode}` } : {}),
    log,
  };
}

function imageOf(pod: Pod, { name, image = '' }: ContainerStatus): string {
  const all = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  return all.find((container) => container.name === name)?.image ?? image;
}

function pulled({ message = '' }: ClusterEvent): string | undefined {
  return /image "([^"]+)"/.exec(message)?.[1];
}

function missing(message: string): string {
  const [, what] = /((?:secret|configmap) "[^"]+") not found/i.exec(message) ?? [];
  return what === undefined ? '' : `: ${what} is not there yet`;
}
