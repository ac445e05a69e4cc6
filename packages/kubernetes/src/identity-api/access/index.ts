export { type ClusterAuthorizer, clusterAuthorizer } from './cluster-access.ts';
export { createDecisions } from './decisions.ts';
export type { AccessAnswer, AccessQuestion, SubjectAccess } from './subject-access.ts';
