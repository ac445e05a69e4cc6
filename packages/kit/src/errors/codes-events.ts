import type { CodeInfo } from './code-info.ts';

/** Codes of what Zitadel sends to us: event webhooks and action calls. */
export const eventsCodes = {
  webhook_refused: {
    status: 401,
    exit: 4,
    reason: 'Unauthorized',
    message: 'The call does not prove that Zitadel sent it just now.',
    fix: "Check that the signing key is the target's present one and that both clocks are right.",
  },
  webhook_invalid: {
    status: 400,
    exit: 1,
    reason: 'BadRequest',
    message: 'The body is not what Zitadel sends to this path.',
  },
  webhook_not_stored: {
    status: 503,
    exit: 5,
    reason: 'ServiceUnavailable',
    message: 'The event could not be stored in time; it will be read from the event store.',
  },
  events_not_delivered: {
    status: 504,
    exit: 5,
    reason: 'Timeout',
    message: 'Zitadel did not deliver the event of the probe.',
    fix: "Check that Zitadel reaches the target's endpoint and that the target is not on its deny list.",
  },
} satisfies Record<string, CodeInfo>;
