export { addAdministrator, removeAdministrator } from './change.ts';
export { listAdministrators } from './list.ts';
