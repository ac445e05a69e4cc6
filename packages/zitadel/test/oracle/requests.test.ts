import { describe, expect, it } from 'vitest';
import { check } from './oracle.ts';
import { samples } from './samples.ts';

const organizationId = { organizationId: 1 };
const publicKey = { targetId: 1, keyId: 2 };

/**
 * Calls that neither package knows. Field names and numbers as in proto/zitadel/org/v2/org_service.proto of Zitadel v4.7.0
 * (the same in v4.13.1).
 */
const byProtoFile: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  UpdateOrganization: { ...organizationId, name: 2 },
  DeactivateOrganization: organizationId,
  ActivateOrganization: organizationId,
  DeleteOrganization: organizationId,
  SetOrganizationMetadata: { ...organizationId, metadata: 2 },
  ListOrganizationMetadata: { ...organizationId, pagination: 2, filters: 3 },
  DeleteOrganizationMetadata: { ...organizationId, keys: 2 },
  // proto/zitadel/action/v2/action_service.proto, since v4.9 or later; absent in v4.7.0
  AddPublicKey: { targetId: 1, publicKey: 2, expirationDate: 3 },
  ActivatePublicKey: publicKey,
  DeactivatePublicKey: publicKey,
  RemovePublicKey: publicKey,
  ListPublicKeys: { targetId: 1, pagination: 2, sortingColumn: 3, filters: 4 },
};

/** Fields and names of known calls that are younger than both packages, with where they stand. */
const younger: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CreateUser: {
    accessTokenType: 'user/v2/user_service.proto, CreateUserRequest.Machine 3, since v4.12',
    metadata:
      'user/v2/user_service.proto, CreateUserRequest 6, since v4.13; dropped before, so users.create repeats it',
  },
  UpdateUser: {
    accessTokenType: 'user/v2/user_service.proto, UpdateUserRequest.Machine 3, since v4.12',
    metadata: 'user/v2/user_service.proto, UpdateUserRequest 5, since v4.13; users.update does not use it',
  },
  AddOrganization: { organizationId: 'org/v2/org_service.proto, AddOrganizationRequest 4, in v4.7.0' },
  ListOrganizations: {
    sortingColumn: 'org/v2/query.proto, OrganizationFieldName CREATION_DATE = 2, in v4.7.0',
  },
  CreateSession: {
    recoveryCode: 'session/v2/session_service.proto, Checks 8, since v4.8 or later; absent in v4.7.0',
  },
  CreateTarget: { payloadType: 'action/v2/action_service.proto, CreateTargetRequest 7; absent in v4.7.0' },
  UpdateTarget: { payloadType: 'action/v2/action_service.proto, UpdateTargetRequest 9; absent in v4.7.0' },
  ListApplications: { clientIdFilter: 'application/v2/application.proto, ApplicationSearchFilter 5' },
};

/** The request without some keys, at any depth; an object that becomes empty goes with them. */
function without(value: unknown, keys: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) {
    return value.map((entry) => without(entry, keys)).filter((entry) => JSON.stringify(entry) !== '{}');
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !keys.has(key));
  return Object.fromEntries(kept.map(([key, field]) => [key, without(field, keys)]));
}

describe('every request is what Zitadel calls it', () => {
  const all = Object.entries(samples).flatMap(([method, requests]) =>
    requests.map((request: unknown, index) => ({ method, index, request })),
  );
  it.each(all)('$method $index', ({ method, request }) => {
    const name = method.split('/')[1] ?? '';
    const fields = byProtoFile[name];
    if (fields) {
      expect(check(method, request)).toBe('unknown call'); // or else the exception is out of date
      expect(Object.keys(fields)).toEqual(expect.arrayContaining(Object.keys(request as object)));
      return;
    }
    const exceptions = Object.keys(younger[name] ?? {});
    expect(check(method, without(request, new Set(exceptions)))).toBeUndefined();
  });

  it.each(Object.entries(younger).flatMap(([name, keys]) => Object.keys(keys).map((key) => ({ name, key }))))(
    'the exception $name $key is still needed',
    ({ name, key }) => {
      const found = Object.entries(samples).find(([method]) => method.endsWith(`/${name}`));
      const others = new Set(Object.keys(younger[name] ?? {}).filter((other) => other !== key));
      const complaints = found?.[1].map((request: unknown) => check(found[0], without(request, others)));
      expect(complaints?.some((complaint) => complaint !== undefined)).toBe(true);
    },
  );
});
