import { deactivatedByKey, type FoundUser, type Zitadel } from '@drawbridge/zitadel';

/** How the directory signs what it deactivated. */
export const mark = (runId: string): string => `directory:${runId}`;

/** Whether the directory is who deactivated a user, rather than a person in Zitadel or the Kubernetes controller. */
export async function deactivatedHere(
  zitadel: Zitadel,
  zitadelUserId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const metadata = await zitadel.users.metadata(zitadelUserId, { signal });
  return metadata.get(deactivatedByKey)?.startsWith('directory:') ?? false;
}

/** Takes the directory's signature away. Zitadel refuses to remove what is not there, so that is looked at first. */
export async function removeMark(
  zitadel: Zitadel,
  zitadelUserId: string,
  signal: AbortSignal,
): Promise<void> {
  if (await deactivatedHere(zitadel, zitadelUserId, signal))
    await zitadel.users.removeMetadata(zitadelUserId, [deactivatedByKey], { signal });
}

/** Zitadel's name of a state as the directory writes it. */
export function stateWord(
  state: FoundUser['state'] | undefined,
): 'active' | 'inactive' | 'locked' | 'initial' | 'deleted' | 'unknown' {
  switch (state) {
    case undefined:
      return 'deleted';
    case 'USER_STATE_ACTIVE':
      return 'active';
    case 'USER_STATE_INACTIVE':
      return 'inactive';
    case 'USER_STATE_LOCKED':
      return 'locked';
    case 'USER_STATE_INITIAL':
      return 'initial';
    default:
      return 'unknown';
  }
}
