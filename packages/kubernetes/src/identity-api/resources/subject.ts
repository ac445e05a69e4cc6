import { iamGroup } from '../../milo/index.ts';
import { exactField, type FieldTerm } from '../query/index.ts';
import { forbidden, objectNotFound } from '../wire/index.ts';
import type { Call, ResourceAccess } from './resource.ts';

/** The field that says whose sessions and identities are meant. */
export const userField = 'status.userUID';

/**
 * Whose objects are listed: the caller's own, or those of the user that the selector names, where Kubernetes lets the caller have
 * that user.
 *
 * @returns undefined for nobody
 * @throws {StatusError} `forbidden`
 */
export async function listedUser(
  call: Call,
  { decide }: ResourceAccess,
  fields: readonly FieldTerm[],
  verb: 'list' | 'deletecollection',
): Promise<string | undefined> {
  const { caller, resource } = call;
  const userId = exactField(fields, userField) ?? caller.uid;
  if (userId === caller.uid) return userId;
  // Nobody's: to ask about nobody in particular would be to ask about everybody.
  if (userId === '') return undefined;
  const { allowed, reason } = await decide(
    question(call, userId, verb === 'list' ? 'get' : 'delete'),
    call.signal,
  );
  if (allowed) return userId;
  throw forbidden(resource, {
    user: caller.username,
    verb,
    why: `those of user ${JSON.stringify(userId)} are not yours${reason ? `: ${reason}` : ''}`,
  });
}

/**
 * Shows that one object is the caller's, or is that of a user whom Kubernetes lets the caller have. Else it is as if it were not
 * there, so that nobody can find out ids.
 *
 * @throws {StatusError} `not_found`
 */
export async function requireUser(
  call: Call,
  { decide }: ResourceAccess,
  userId: string | undefined,
  { name, verb }: { readonly name: string; readonly verb: 'get' | 'delete' },
): Promise<void> {
  if (userId !== undefined && userId === call.caller.uid) return;
  if (userId !== undefined && (await decide(question(call, userId, verb), call.signal)).allowed) return;
  throw objectNotFound(call.resource, name);
}

function question({ caller }: Call, userId: string, verb: 'get' | 'delete') {
  return { caller, verb, group: iamGroup, resource: 'users', name: userId };
}
