export { nameFirstAdministrator } from './first-administrator.ts';
export { putZitadelIntegration, type ZitadelIntegration } from './integration.ts';
