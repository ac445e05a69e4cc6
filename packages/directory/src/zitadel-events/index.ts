export { letGoSilent } from './withdraw.ts';
export { type EventsOptions, ZitadelEvents } from './zitadel-events.ts';
