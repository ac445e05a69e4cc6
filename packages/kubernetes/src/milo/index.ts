export type { Condition, State } from './condition.ts';
export { type CustomResourceDefinition, customResourceDefinitions, miloDefinitions } from './crds.ts';
export {
  controlPlanePath,
  finalizers,
  iamGroup,
  machineAccountEmail,
  miloVersion,
  parentExtras,
  projectOrganization,
  resourceManagerGroup,
  serviceAccountEmail,
  singleClusterName,
} from './names.ts';
export { type Project, projects } from './project.ts';
export {
  type MachineAccount,
  machineAccounts,
  type ServiceAccount,
  type ServiceAccountStatus,
  serviceAccounts,
} from './service-account.ts';
export { type RegistrationApproval, type User, type UserStatus, users } from './user.ts';
export { type UserDeactivation, userDeactivations } from './user-deactivation.ts';
