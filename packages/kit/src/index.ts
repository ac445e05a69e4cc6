/**
 * What every part of Drawbridge stands on: errors, secrets, logging, metrics, HTTP both ways, retry, lifecycle, clock,
 * files and settings. It knows nothing of Zitadel.
 */
export * from './clock/index.ts';
export * from './errors/index.ts';
export * from './files/index.ts';
export * from './http/index.ts';
export * from './ids/index.ts';
export * from './lifecycle/index.ts';
export * from './log/index.ts';
export * from './metrics/index.ts';
export * from './paths/index.ts';
export * from './resilience/index.ts';
export * from './secret/index.ts';
export * from './server/index.ts';
export * from './settings/index.ts';
export * from './trace/index.ts';
