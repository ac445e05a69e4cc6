import { Secret } from '@drawbridge/kit';
import type { PayloadType, Target, TargetType } from '../wire/index.ts';
import type { With } from './reading.ts';

/** How Zitadel calls a target: `webhook` heeds the status alone, `call` uses the body, `async` does not wait. */
export type TargetKind = 'webhook' | 'call' | 'async';

/** A target to be. */
export interface NewTarget {
  readonly name: string;
  readonly endpoint: string;
  readonly kind: TargetKind;
  /** How long Zitadel waits, in milliseconds: more than 0, at most 270,000. For events 10,000 is the whole job's limit. */
  readonly timeoutMs: number;
  /** Whether a failure makes the call fail that caused it. Default false; no meaning for `async`. */
  readonly interruptOnError?: boolean;
  /** How the body is packed. Default JSON; `jwt` and `jwe` need a Zitadel newer than 4.7. */
  readonly payload?: 'json' | 'jwt' | 'jwe';
}

/** What to change of a target. Kind and `interruptOnError` are one thing to Zitadel: give the kind with it. */
export type TargetUpdate = Partial<NewTarget>;

/** A target as it is read. */
export interface FoundTarget {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly kind: TargetKind;
  readonly interruptOnError: boolean;
  readonly timeoutMs: number;
  readonly payload: 'json' | 'jwt' | 'jwe';
  /** What bodies are signed with; absent where we may not see it. */
  readonly signingKey?: Secret<string>;
}

const payloads = {
  json: 'PAYLOAD_TYPE_JSON',
  jwt: 'PAYLOAD_TYPE_JWT',
  jwe: 'PAYLOAD_TYPE_JWE',
} as const satisfies Record<string, PayloadType>;

/** What is given of a target, as it travels. */
export function packTarget({ name, endpoint, kind, timeoutMs, interruptOnError, payload }: TargetUpdate) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(timeoutMs === undefined ? {} : { timeout: duration(timeoutMs) }),
    ...(payload === undefined ? {} : { payloadType: payloads[payload] }),
    ...(kind === undefined ? {} : packKind(kind, interruptOnError ?? false)),
  };
}

/** Milliseconds as protojson writes a duration. */
export function duration(ms: number): string {
  return `${ms / 1_000}s`;
}

function packKind(kind: TargetKind, interruptOnError: boolean): TargetType {
  if (kind === 'async') return { restAsync: {} };
  return kind === 'call' ? { restCall: { interruptOnError } } : { restWebhook: { interruptOnError } };
}

/** A target from what travelled: proto3 leaves out an empty name, a false and a zero. */
export function readTarget(target: With<Target, 'id' | 'endpoint'>): FoundTarget {
  const { id, endpoint, restAsync, restCall, restWebhook, signingKey } = target;
  return {
    id,
    endpoint,
    name: target.name ?? '',
    kind: restAsync ? 'async' : restCall ? 'call' : 'webhook',
    interruptOnError: (restCall ?? restWebhook)?.interruptOnError ?? false,
    timeoutMs: Math.round(Number.parseFloat(target.timeout ?? '0') * 1_000),
    payload:
      target.payloadType === 'PAYLOAD_TYPE_JWT'
        ? 'jwt'
        : target.payloadType === 'PAYLOAD_TYPE_JWE'
          ? 'jwe'
          : 'json',
    ...(signingKey ? { signingKey: new Secret(signingKey) } : {}),
  };
}
