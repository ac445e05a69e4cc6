import { createHmac } from 'node:crypto';
import type { ZitadelEvent } from '@drawbridge/events';

export const signingKey = 'signing-key-of-the-target';

/** An event's body as Zitadel writes it. */
export function bodyOf(event: ZitadelEvent, payload: unknown = event.payload): string {
  return JSON.stringify({
    aggregateID: event.aggregateId,
    aggregateType: event.aggregateType,
    resourceOwner: event.resourceOwner,
    instanceID: event.instance,
    version: 'v2',
    sequence: event.sequence,
    event_type: event.type,
    created_at: event.createdAt.toISOString().replace('Z', '123456Z'),
    userID: event.editor,
    ...(payload === undefined ? {} : { event_payload: payload }),
  });
}

/** One `v1` digest. */
export function digest(body: string, seconds: number | string, key = signingKey): string {
  return createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
}

/** A header that signs a body at a time. */
export function sign(body: string, atMs: number, key = signingKey): string {
  const seconds = Math.floor(atMs / 1_000);
  return `t=${seconds},v1=${digest(body, seconds, key)}`;
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
