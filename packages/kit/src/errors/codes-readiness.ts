import type { CodeInfo } from './code-info.ts';

/** Codes of what runs in a cluster: what keeps it from getting ready. */
export const readinessCodes = {
  stack_not_ready: {
    status: 504,
    exit: 1,
    reason: 'Timeout',
    message: 'A part of the stack did not get ready in time.',
  },
  pod_unschedulable: {
    status: 503,
    exit: 1,
    reason: 'ServiceUnavailable',
    message: 'The cluster has no node that takes the pod.',
  },
  image_unavailable: {
    status: 503,
    exit: 1,
    reason: 'ServiceUnavailable',
    message: 'The image of a container cannot be pulled.',
  },
  container_config_invalid: {
    status: 500,
    exit: 1,
    reason: 'InternalError',
    message: 'A container cannot be made as its pod asks for.',
  },
  pod_crashing: {
    status: 503,
    exit: 1,
    reason: 'ServiceUnavailable',
    message: 'A container of the pod ends again and again.',
  },
  pod_refused: {
    status: 503,
    exit: 1,
    reason: 'ServiceUnavailable',
    message: 'The cluster does not let the pod be made.',
  },
  job_failed: {
    status: 500,
    exit: 1,
    reason: 'InternalError',
    message: 'A job failed, and is not tried again.',
  },
} satisfies Record<string, CodeInfo>;
