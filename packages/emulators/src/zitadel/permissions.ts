/**
 * Which role holds which permission (cmd/defaults.yaml, `InternalAuthZ.RolePermissionMappings`), as far as the emulated
 * services ask for them.
 */

const projectRead = ['project.read', 'project.member.read', 'project.role.read', 'project.app.read'];
const grantRead = ['project.grant.read', 'project.grant.member.read'];
const projectWrite = [
  'project.write',
  'project.delete',
  'project.member.write',
  'project.member.delete',
  'project.role.write',
  'project.role.delete',
  'project.app.write',
];
const grantWrite = ['project.grant.write', 'project.grant.delete'];
const grantMembers = ['project.grant.member.write', 'project.grant.member.delete'];
const userRead = ['user.read', 'user.grant.read', 'user.membership.read'];
const userWrite = ['user.write', 'user.delete'];
const userGrants = ['user.grant.write', 'user.grant.delete'];
const orgMembers = ['org.member.read', 'org.member.write', 'org.member.delete'];
const sessions = ['session.read', 'session.delete'];

const everythingOfAnOrganization = [
  'org.read',
  'org.write',
  'org.delete',
  ...orgMembers,
  ...userRead,
  ...userWrite,
  ...userGrants,
  'user.credential.write',
  ...projectRead,
  'project.create',
  ...projectWrite,
  ...grantRead,
  ...grantWrite,
  ...grantMembers,
  ...sessions,
];

const instanceRead = ['iam.idp.read', 'iam.policy.read', 'iam.web_key.read'];
const instanceWrite = ['iam.idp.write', 'iam.policy.write', 'iam.web_key.write', 'iam.web_key.delete'];
const actionRead = ['action.target.read', 'action.execution.read'];
const actionWrite = ['action.target.write', 'action.target.delete', 'action.execution.write'];

const rolePermissions: Readonly<Record<string, readonly string[]>> = {
  IAM_OWNER: [
    ...everythingOfAnOrganization,
    'project.app.delete',
    'iam.read',
    'iam.write',
    'iam.member.read',
    'iam.member.write',
    'iam.member.delete',
    'org.create',
    'session.write',
    'events.read',
    ...actionRead,
    ...actionWrite,
    ...instanceRead,
    ...instanceWrite,
  ],
  IAM_OWNER_VIEWER: [
    'iam.read',
    'iam.member.read',
    'org.read',
    'org.member.read',
    ...userRead,
    ...projectRead,
    ...grantRead,
    'events.read',
    'session.read',
    ...actionRead,
    ...instanceRead,
  ],
  IAM_ORG_MANAGER: [...everythingOfAnOrganization, 'project.app.delete', 'org.create'],
  IAM_USER_MANAGER: [
    'org.read',
    'org.member.read',
    'org.member.delete',
    ...userRead,
    ...userWrite,
    ...userGrants,
    ...projectRead,
    ...grantRead,
    ...grantWrite,
    ...sessions,
  ],
  IAM_ADMIN_IMPERSONATOR: [],
  IAM_END_USER_IMPERSONATOR: [],
  IAM_LOGIN_CLIENT: [
    'iam.read',
    'iam.idp.read',
    'iam.policy.read',
    'iam.member.read',
    'iam.member.write',
    'org.read',
    'org.member.read',
    'org.member.write',
    ...userRead,
    'user.write',
    'user.grant.write',
    'user.credential.write',
    ...projectRead,
    'project.member.write',
    ...grantRead,
    'project.grant.member.write',
    ...sessions,
    'session.write',
    'session.link',
  ],
  ORG_OWNER: everythingOfAnOrganization,
  ORG_OWNER_VIEWER: ['org.read', 'org.member.read', ...userRead, ...projectRead, ...grantRead],
  ORG_USER_MANAGER: [
    'org.read',
    ...userRead,
    ...userWrite,
    ...userGrants,
    'project.read',
    'project.role.read',
    ...sessions,
  ],
  ORG_SETTINGS_MANAGER: ['org.read', 'org.write', 'org.member.read'],
  ORG_USER_PERMISSION_EDITOR: [
    'org.read',
    'org.member.read',
    'user.read',
    'user.grant.read',
    ...userGrants,
    ...projectRead,
    ...grantRead,
  ],
  ORG_PROJECT_PERMISSION_EDITOR: [
    'org.read',
    'org.member.read',
    'user.read',
    'user.grant.read',
    ...userGrants,
    ...projectRead,
    ...grantRead,
    ...grantWrite,
  ],
  ORG_PROJECT_CREATOR: ['project.create'],
  ORG_ADMIN_IMPERSONATOR: [],
  ORG_END_USER_IMPERSONATOR: [],
  ORG_USER_SELF_MANAGER: ['user.self.delete'],
  PROJECT_OWNER: [
    ...projectRead,
    ...projectWrite,
    'project.app.delete',
    ...grantRead,
    ...grantWrite,
    ...grantMembers,
    ...userRead,
    ...userGrants,
  ],
  PROJECT_OWNER_VIEWER: [...projectRead, ...grantRead, ...userRead],
  PROJECT_GRANT_OWNER: ['project.read', ...grantRead, ...grantMembers, ...userRead, ...userGrants],
  PROJECT_GRANT_OWNER_VIEWER: ['project.read', ...grantRead, ...userRead],
};

const holders = new Map(Object.entries(rolePermissions).map(([role, list]) => [role, new Set(list)]));

/** Whether a role holds a permission. Unknown roles hold none. */
export function roleHolds(role: string, permission: string): boolean {
  return holders.get(role)?.has(permission) ?? false;
}

/** Whether a role exists and belongs to a family such as `ORG_`. Roles of a project's grant have a longer prefix. */
export function isRoleOf(role: string, family: 'IAM_' | 'ORG_' | 'PROJECT_' | 'PROJECT_GRANT_'): boolean {
  if (!holders.has(role) || !role.startsWith(family)) return false;
  return family !== 'PROJECT_' || !role.startsWith('PROJECT_GRANT_');
}
