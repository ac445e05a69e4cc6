export { type Authenticator, createAuthenticator } from './authenticator.ts';
export { type Caller, extraOf, isSomebody } from './caller.ts';
export { type ClusterTrust, type ClusterTrustOptions, readClusterTrust } from './cluster-trust.ts';
export { type FrontProxyTrust, settleFrontProxy } from './front-proxy.ts';
export { decodeExtraKey, type HeaderFault, readRemoteUser } from './remote-headers.ts';
