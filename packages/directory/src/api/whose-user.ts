import type { FastifyRequest } from 'fastify';
import { getUser } from '../users/index.ts';
import { callerOf } from './access.ts';
import type { ApiServices } from './services.ts';

/** A user is changed where they are at home. */
export async function homeOrganization(
  { database }: ApiServices,
  { params }: FastifyRequest,
): Promise<string | undefined> {
  return (await getUser(database, (params as { id: string }).id))?.user.organization_id;
}

/** A user may be read wherever they are a member: where the caller may look, if it is one of these. */
export async function anyOrganization(
  { database }: ApiServices,
  request: FastifyRequest,
): Promise<string | undefined> {
  const found = await getUser(database, (request.params as { id: string }).id);
  const { permissions } = callerOf(request);
  const own = found?.memberships.find(({ organization_id }) =>
    permissions.get(organization_id)?.has('users.read'),
  );
  return own?.organization_id ?? found?.user.organization_id;
}
