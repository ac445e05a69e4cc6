import { DrawbridgeError } from '@drawbridge/kit';
import {
  type CreateApplicationRequest,
  type CreateOidcConfiguration,
  type FoundApplication,
  hasId,
  ZitadelError,
} from '@drawbridge/zitadel';
import { differing, type SetupField } from '../fields.ts';
import { applicationId, keyOf } from '../names.ts';
import type { WishedApplication } from '../wish/index.ts';
import { planCredential } from './credentials.ts';
import { findApplication } from './find.ts';
import { known } from './known.ts';
import { compare, type Planning, type Run } from './planning.ts';
import type { Place } from './projects.ts';
import { freeProjectId } from './read-projects.ts';

/** An id that is used or was, OIDC and API. */
const idUsed = ['PROJECT-lxowmp', 'PROJECT-mabu12'] as const;
const mostAttempts = 20;

/** What one application needs: itself, and a key or a secret where it signs in with one. */
export function planApplication(
  planning: Planning,
  place: Place,
  name: string,
  wished: WishedApplication,
): void {
  const { ledger, present, notes } = planning;
  const key = keyOf.application(place.name, name);
  const entry = ledger.get(key);
  const found = findApplication(place.read?.applications ?? [], ledger, place.name, name, wished.name);
  const id = found?.applicationId ?? entry?.id ?? applicationId(place.name, name);
  if (found && (entry || planning.adopt)) requireKind(found, wished, `${place.name}/${name}`);
  const wanted = wantedOf(wished);
  const standing = compare(planning, {
    key,
    title: `application ${place.name}/${name}`,
    found: found && { id, fields: fieldsOf(found) },
    wanted: { name: wished.name, ...wanted },
    intent: { id },
    create: (run) => create(run, place, { key, name, id }, wished),
    update: (run, fields) => update(run, place.id, id, wished, fields),
  });
  if (standing === 'foreign') return;
  const clientId = found?.oidcConfiguration?.clientId ?? found?.apiConfiguration?.clientId;
  if (found && clientId) present.applications.set(`${place.name}/${name}`, { id, clientId });
  if (found?.state === 'APPLICATION_STATE_INACTIVE')
    notes.push(`Application ${place.name}/${name} is inactive; nobody signs in to it.`);
  const secret =
    wished.kind === 'api' ? 'key' : wished.kind === 'web' && wished.secret ? 'secret' : undefined;
  const days = wished.kind === 'api' ? wished.keyDays : 0;
  const isThere = found !== undefined;
  if (secret)
    planCredential(planning, { kind: secret, of: 'application', project: place, name, days, isThere });
}

/** @throws {DrawbridgeError} `conflict` for an application that is to be of another kind: that cannot be changed */
function requireKind(found: FoundApplication, { kind }: WishedApplication, name: string): void {
  if ((kind === 'api') === (found.apiConfiguration !== undefined)) return;
  throw new DrawbridgeError('conflict', {
    message: `Application ${name} is there as another kind, which Zitadel cannot change.`,
    saw: found.apiConfiguration ? 'an API' : 'one that people sign in to',
    fix: `Give the one of kind ${kind} another name in the file; --prune then removes the former.`,
  });
}

/** An application in Zitadel's own fields. */
function wantedOf(wished: WishedApplication): CreateOidcConfiguration | { readonly authMethodType: string } {
  if (wished.kind === 'api') return { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' };
  return oidcOf(wished);
}

function oidcOf(wished: Exclude<WishedApplication, { kind: 'api' }>): CreateOidcConfiguration {
  const common = {
    responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
    redirectUris: wished.redirectUris,
    developmentMode: wished.kind === 'web' && wished.redirectUris.some((uri) => uri.startsWith('http://')),
  } as const;
  if (wished.kind === 'device') {
    return {
      ...common,
      applicationType: 'OIDC_APP_TYPE_NATIVE',
      // A program on somebody's machine can keep no secret.
      authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
      grantTypes: [
        'OIDC_GRANT_TYPE_DEVICE_CODE',
        'OIDC_GRANT_TYPE_AUTHORIZATION_CODE',
        'OIDC_GRANT_TYPE_REFRESH_TOKEN',
      ],
      // kube-apiserver reads the access token itself, and OpenBao tells teams apart by the roles in the id_token.
      accessTokenType: 'OIDC_TOKEN_TYPE_JWT',
      accessTokenRoleAssertion: true,
      idTokenRoleAssertion: true,
    };
  }
  const { postLogoutRedirectUris, backChannelLogoutUri, secret, roles } = wished;
  return {
    ...common,
    applicationType: 'OIDC_APP_TYPE_WEB',
    authMethodType: secret ? 'OIDC_AUTH_METHOD_TYPE_BASIC' : 'OIDC_AUTH_METHOD_TYPE_NONE',
    grantTypes: ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
    idTokenRoleAssertion: roles,
    // An empty list does not travel; what is there then stays, and is not compared either.
    ...(postLogoutRedirectUris.length > 0 ? { postLogoutRedirectUris } : {}),
    ...(backChannelLogoutUri === undefined ? {} : { backChannelLogoutUri }),
  };
}

/** What was found, with the zeros that proto3 leaves out. */
function fieldsOf({ name, oidcConfiguration, apiConfiguration }: FoundApplication) {
  if (!oidcConfiguration) return { name, authMethodType: 'API_AUTH_METHOD_TYPE_BASIC', ...apiConfiguration };
  return {
    name,
    applicationType: 'OIDC_APP_TYPE_WEB',
    authMethodType: 'OIDC_AUTH_METHOD_TYPE_BASIC',
    accessTokenType: 'OIDC_TOKEN_TYPE_BEARER',
    ...oidcConfiguration,
  };
}

async function create(
  run: Run,
  { name: project, id: projectId }: Place,
  { key, name, id }: { readonly key: string; readonly name: string; readonly id: string },
  wished: WishedApplication,
): Promise<void> {
  const { zitadel, ledger, call } = run;
  const configuration: Omit<CreateApplicationRequest, 'projectId' | 'name'> =
    wished.kind === 'api'
      ? { apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' } }
      : { oidcConfiguration: oidcOf(wished) };
  let candidate = id;
  for (let attempt = 2; attempt <= mostAttempts; attempt++) {
    if (await isOfAnotherProject(run, projectId, candidate)) {
      candidate = applicationId(project, name, attempt);
      await ledger.write({ [key]: { id: candidate } }, call);
      continue;
    }
    try {
      await zitadel.applications.create(
        { projectId, applicationId: candidate, name: wished.name, ...configuration },
        call,
      );
      return;
    } catch (error) {
      const isSpent = hasId(error, ...idUsed);
      const isNameTaken = error instanceof ZitadelError && error.code === 'zitadel_already_exists';
      if (!isSpent && !isNameTaken) throw error;
      // Either an earlier run made it and the list has not followed, or somebody removed it: then its id is spent.
      if (await isListed(run, projectId, candidate)) return;
      if (!isSpent) throw error;
      await requireLivingProject(run, { name: project, id: projectId });
      candidate = applicationId(project, name, attempt);
      await ledger.write({ [key]: { id: candidate } }, call);
    }
  }
  throw new DrawbridgeError('conflict', {
    message: `Zitadel has used up the ids of application ${project}/${name}.`,
    fix: 'Give it another name in a file.',
  });
}

/**
 * Whether a project of somebody else, another installation for one, has an application with this id. Zitadel would make a second one and
 * never show it: ids are keys of one table of the whole instance (internal/query/projection/app.go).
 */
async function isOfAnotherProject(run: Run, projectId: string, id: string): Promise<boolean> {
  const { zitadel, call } = run;
  try {
    await zitadel.applications.get(id, call);
  } catch (error) {
    if (error instanceof ZitadelError && error.code === 'zitadel_not_found') return false;
    throw error;
  }
  return !(await isListed(run, projectId, id));
}

/** @throws {DrawbridgeError} `conflict` for a project whose id was removed before: whatever id is tried, Zitadel refuses it */
async function requireLivingProject(
  { zitadel, call }: Run,
  { name, id }: { readonly name: string; readonly id: string },
): Promise<void> {
  if ((await freeProjectId(zitadel, id, call)) === id) return;
  throw new DrawbridgeError('conflict', {
    message: `Zitadel takes no application for sign-in into project ${name}.`,
    why: `A project with the id ${id} was removed before, and all ids of applications in it count as used.`,
    fix: 'Remove the project in Zitadel and run this again: it is then made with another id.',
  });
}

/** Whether a project shows an application, which may take it a moment. */
export async function isListed(run: Run, projectId: string, id: string): Promise<boolean> {
  const { zitadel, call } = run;
  const isThere = (listed: readonly FoundApplication[]) => listed.some((one) => one.applicationId === id);
  return isThere(await known(() => zitadel.applications.list({ projectId }, call).all(), isThere, run));
}

async function update(
  { zitadel, call }: Run,
  projectId: string,
  id: string,
  wished: WishedApplication,
  fields: readonly SetupField[],
): Promise<void> {
  const names = new Set(fields.map(({ field }) => field));
  const oidc = wished.kind === 'api' ? undefined : oidcOf(wished);
  const changed = oidc ? differing(oidc, fields) : {};
  // Zitadel sets those that are left out to the code flow.
  const { responseTypes = [], grantTypes = [] } = oidc ?? {};
  await zitadel.applications.update(
    {
      applicationId: id,
      projectId,
      ...(names.has('name') ? { name: wished.name } : {}),
      ...(Object.keys(changed).length > 0
        ? { oidcConfiguration: { ...changed, responseTypes, grantTypes } }
        : {}),
      ...(wished.kind === 'api' && names.has('authMethodType')
        ? { apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' } }
        : {}),
    },
    call,
  );
}
