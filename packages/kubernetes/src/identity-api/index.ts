export {
  type AccessAnswer,
  type AccessQuestion,
  type ClusterAuthorizer,
  clusterAuthorizer,
  type SubjectAccess,
} from './access/index.ts';
export {
  type Caller,
  type ClusterTrust,
  type ClusterTrustOptions,
  type FrontProxyTrust,
  readClusterTrust,
  settleFrontProxy,
} from './caller/index.ts';
export { type IdentityGroup, identityGroups } from './discovery/index.ts';
export {
  createIdentityApi,
  type IdentityApi,
  type IdentityApiOptions,
  type ServiceAccountKeySettings,
} from './identity-api.ts';
