export { type DialAddress, isLoopback, parseAddress, requireSecureUrl } from './addresses.ts';
export { Budget, type BudgetOptions, type Priority } from './budget.ts';
export { type CallerOptions, type CallOptions, createCaller, parseJson, wasNeverDone } from './caller.ts';
export {
  type ClientIdentity,
  createHttpClient,
  type Fetch,
  type FetchInit,
  type HttpClient,
  type HttpClientOptions,
  readJson,
  readText,
} from './client.ts';
export { translateFetchError } from './translate.ts';
