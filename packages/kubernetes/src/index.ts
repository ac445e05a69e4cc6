/** The Kubernetes side of Drawbridge: kube-apiserver asks whose a bearer token is, and Zitadel answers. */
export * from './actions/index.ts';
export * from './cluster/index.ts';
export * from './controllers/index.ts';
export * from './identity-api/index.ts';
export * from './milo/index.ts';
export * from './token-review/index.ts';
