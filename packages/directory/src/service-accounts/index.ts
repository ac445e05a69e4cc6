export {
  addServiceAccountKey,
  listServiceAccounts,
  removeServiceAccountKey,
  type ServiceAccount,
} from './service-accounts.ts';
