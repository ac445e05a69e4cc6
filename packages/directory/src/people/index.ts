export { exportPerson, type PersonExport } from './export.ts';
export { type ForgetUser, forgetUser } from './forget.ts';
export { requireAnotherAdministrator } from './last-administrator.ts';
export { changeState, noteDenied, type StateChange } from './state.ts';
