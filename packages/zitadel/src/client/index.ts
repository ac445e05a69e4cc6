export type { Probe } from './probe.ts';
export { createZitadel, type Zitadel, type ZitadelOptions } from './zitadel.ts';
