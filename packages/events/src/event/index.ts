export { type BoundedJson, isRecord, parseBoundedJson } from './bounded-json.ts';
export type { EventPayload, EventSource, ZitadelEvent } from './event.ts';
export { type EventBody, readEvent, readEventBody } from './parse.ts';
