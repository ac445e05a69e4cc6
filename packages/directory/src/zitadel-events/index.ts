export { type EventsOptions, ZitadelEvents } from './zitadel-events.ts';
