export { explainConfig } from './explain.ts';
export { getConfig } from './get.ts';
export { rollBack, showHistory } from './history.ts';
export { listConfig } from './list.ts';
export { showSchema } from './schema.ts';
export { setConfig } from './set.ts';
export { unsetConfig } from './unset.ts';
