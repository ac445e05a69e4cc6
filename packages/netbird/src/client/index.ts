export { createNetbird, type Netbird, type NetbirdOptions } from './netbird.ts';
export type { NetbirdProbe } from './probe.ts';
