/** What stands between Zitadel and those that rely on it: setup, relay, doctor. */
export * from './kube/index.ts';
export * from './relay/index.ts';
export * from './zitadel-setup/index.ts';
