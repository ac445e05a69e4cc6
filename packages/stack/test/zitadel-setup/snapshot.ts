import type { Zitadel } from '@drawbridge/zitadel';

/** What an instance has, without the ids that Zitadel chooses and without times: two runs that end the same have the same. */
export async function snapshot(zitadel: Zitadel): Promise<unknown> {
  const projects = await zitadel.projects.list().all();
  const users = await zitadel.users.list().all();
  const machines = users.filter(({ machine, username }) => machine && username !== 'zitadel-admin-sa');
  const targets = await zitadel.actions.listTargets().all();
  const nameOfTarget = new Map(targets.map(({ id, name }) => [id, name]));
  const executions = await zitadel.actions.listExecutions().all();
  return {
    projects: await Promise.all(
      projects
        .filter(({ name }) => name !== 'ZITADEL')
        .map(async ({ projectId, name }) => {
          const applications = await zitadel.applications.list({ projectId }).all();
          return {
            projectId,
            name,
            roles: (await zitadel.projects.listRoles(projectId).all()).map(({ key }) => key),
            grants: (await zitadel.projects.listGrants({ projectId }).all()).map(
              ({ grantedOrganizationId, grantedRoleKeys }) => [grantedOrganizationId, grantedRoleKeys],
            ),
            applications: await Promise.all(
              applications.map(async ({ applicationId, name: title, oidcConfiguration }) => ({
                applicationId,
                title,
                redirectUris: oidcConfiguration?.redirectUris,
                keys: (await zitadel.applications.listKeys(applicationId).all()).length,
              })),
            ),
          };
        }),
    ),
    machines: await Promise.all(
      machines.map(async ({ userId, username }) => ({
        userId,
        username,
        metadata: [...(await zitadel.users.metadata(userId))].toSorted(),
        roles: (await zitadel.administrators.list({ userId }).all()).map(({ roles }) => roles),
        keys: (await zitadel.users.listKeys({ userId }).all()).length,
      })),
    ),
    targets: targets.map(({ name, endpoint, timeoutMs }) => [name, endpoint, timeoutMs]),
    executions: executions
      .map(({ condition, targets: called = [] }) => [
        JSON.stringify(condition),
        called.map((id) => nameOfTarget.get(id)),
      ])
      .toSorted(),
    lifetimes: await zitadel.oidcSettings.get(),
  };
}
