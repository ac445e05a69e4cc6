export { Actions, type ActionsOptions } from './actions.ts';
export { DenyList, defaultDenyList } from './deny-list.ts';
export { type FunctionName, functionNames } from './match.ts';
export { payloadType } from './pack.ts';
export { type Delivery, targetKind } from './run.ts';
