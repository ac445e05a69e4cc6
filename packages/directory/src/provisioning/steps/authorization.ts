import { type Zitadel, ZitadelError } from '@drawbridge/zitadel';

/** A user's roles in a project, within an organization. */
export interface WantedAuthorization {
  readonly userId: string;
  readonly projectId: string;
  readonly organizationId: string;
  readonly roleKeys: readonly string[];
}

/** Id of the authorization that says exactly this, if Zitadel lists one. */
export async function findAuthorization(
  zitadel: Zitadel,
  { roleKeys, ...filter }: WantedAuthorization,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [found] = await zitadel.authorizations.list(filter, { signal }).all();
  const held = found?.roles?.map(({ key }) => key) ?? [];
  const same = new Set(held).symmetricDifference(new Set(roleKeys)).size === 0;
  return found?.state === 'STATE_ACTIVE' && same ? found.id : undefined;
}

/** Makes sure of an authorization. @returns its id; nothing where one exists that Zitadel does not list yet */
export async function ensureAuthorization(
  zitadel: Zitadel,
  wanted: WantedAuthorization,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { id } = await zitadel.authorizations.ensure(
      { ...wanted, roleKeys: [...wanted.roleKeys] },
      { signal },
    );
    return id;
  } catch (error) {
    if (error instanceof ZitadelError && error.code === 'zitadel_already_exists') return undefined;
    throw error;
  }
}
