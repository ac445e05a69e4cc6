/** The Kubernetes side of Drawbridge: kube-apiserver asks whose a bearer token is, and Zitadel answers. */
export * from './token-review/index.ts';
