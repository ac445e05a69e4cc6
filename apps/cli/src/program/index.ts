export { addAudit } from './audit.ts';
export { addEmulate } from './emulate.ts';
export { createBuilder, describe, port, settle } from './leaf.ts';
export { addOrgs } from './orgs.ts';
export { addRuns } from './runs.ts';
export { addServe } from './serve.ts';
export { addSetup } from './setup.ts';
export { addSync } from './sync.ts';
export { addUsers } from './users.ts';
