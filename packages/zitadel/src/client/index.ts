export type { Probe } from './probe.ts';
export { createZitadel, defaultBudget, type Zitadel, type ZitadelOptions } from './zitadel.ts';
