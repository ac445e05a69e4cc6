export { setupAsEnv } from './env.ts';
export { setupAsSecrets } from './secrets.ts';
export { type SetupCredential, type SetupValues, setupValues } from './values.ts';
