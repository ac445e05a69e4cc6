export { type ApplicationKey, parseApplicationKey } from './application.ts';
export {
  type ClientCredentials,
  type Credentials,
  clientCredentials,
  type PersonalAccessToken,
  personalAccessToken,
  type ServiceAccount,
  type ServiceAccountFile,
  serviceAccountFile,
} from './credentials.ts';
export { type LoadOptions, loadApplicationKey, loadServiceAccount, readKeyFile } from './load.ts';
export { parseServiceAccount, readKey } from './parse.ts';
export { type WatchOptions, watchServiceAccount } from './watch.ts';
