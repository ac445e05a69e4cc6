import { describe, expect, it } from 'vitest';
import { connectError } from '../support/fetch.ts';
import { zitadelWith } from '../support/zitadel.ts';

const authorization = { userId: '7', projectId: '5', organizationId: '3', roleKeys: ['user', 'admin'] };

describe('authorizations.ensure', () => {
  const service = 'zitadel.authorization.v2.AuthorizationService';
  const exists = () => connectError('already_exists', 'V3-DKcYh', 409);
  const listed =
    (state: string, ...keys: string[]) =>
    () => ({
      json: {
        pagination: { totalResult: '1' },
        authorizations: [{ id: '9', state, roles: keys.map((key) => ({ key })) }],
      },
    });

  it('creates what is not there', async () => {
    const { zitadel } = zitadelWith({ [`${service}/CreateAuthorization`]: () => ({ json: { id: '9' } }) });
    expect(await zitadel.authorizations.ensure(authorization)).toEqual({ id: '9', changed: true });
  });

  it('leaves alone what is as it should be, whatever the order of roles', async () => {
    const { zitadel } = zitadelWith({
      [`${service}/CreateAuthorization`]: exists,
      [`${service}/ListAuthorizations`]: listed('STATE_ACTIVE', 'admin', 'user'),
    });
    expect(await zitadel.authorizations.ensure(authorization)).toEqual({ id: '9', changed: false });
  });

  it('gives roles and activates', async () => {
    const { zitadel, calls } = zitadelWith({
      [`${service}/CreateAuthorization`]: exists,
      [`${service}/ListAuthorizations`]: listed('STATE_INACTIVE', 'user'),
      [`${service}/UpdateAuthorization`]: () => ({ json: {} }),
      [`${service}/ActivateAuthorization`]: () => ({ json: {} }),
    });
    expect(await zitadel.authorizations.ensure(authorization)).toEqual({ id: '9', changed: true });
    expect(calls().slice(2)).toEqual(['UpdateAuthorization', 'ActivateAuthorization']);
  });

  it('does not guess while the list lags', async () => {
    const { zitadel } = zitadelWith({
      [`${service}/CreateAuthorization`]: exists,
      [`${service}/ListAuthorizations`]: () => ({ json: {} }),
    });
    await expect(zitadel.authorizations.ensure(authorization)).rejects.toMatchObject({
      code: 'zitadel_already_exists',
    });
  });

  it('a zero date says that nothing was removed', async () => {
    for (const [deletionDate, changed] of [
      ['2026-01-01T00:00:00Z', true],
      ['0001-01-01T00:00:00Z', false],
      [undefined, false],
    ] as const) {
      const { zitadel } = zitadelWith({
        [`${service}/DeleteAuthorization`]: () => ({ json: { deletionDate } }),
      });
      expect(await zitadel.authorizations.remove('9')).toEqual({ changed });
    }
  });
});

describe('organizations and projects', () => {
  const org = 'zitadel.org.v2.OrganizationService';
  const project = 'zitadel.project.v2.ProjectService';

  it('no change is success', async () => {
    const { zitadel } = zitadelWith({
      [`${org}/UpdateOrganization`]: () => connectError('failed_precondition', 'ORG-4VSdf', 400),
      [`${org}/DeactivateOrganization`]: () => connectError('failed_precondition', 'EVENT-Dbs2g', 400),
      [`${org}/ActivateOrganization`]: () => connectError('failed_precondition', 'EVENT-bfnrh', 400),
      [`${project}/AddProjectRole`]: () => connectError('already_exists', 'V3-DKcYh', 409),
    });
    expect(await zitadel.organizations.update('3', { name: 'acme' })).toEqual({ changed: false });
    expect(await zitadel.organizations.deactivate('3')).toEqual({ changed: false });
    expect(await zitadel.organizations.activate('3')).toEqual({ changed: false });
    expect(await zitadel.projects.addRole('5', { roleKey: 'user', displayName: 'User' })).toEqual({
      changed: false,
    });
  });

  it('an existing grant gets the roles', async () => {
    const { zitadel, fetch } = zitadelWith({
      [`${project}/CreateProjectGrant`]: () => connectError('already_exists', 'V3-DKcYh', 409),
      [`${project}/UpdateProjectGrant`]: () => ({ json: {} }),
    });
    const grant = { projectId: '5', grantedOrganizationId: '3', roleKeys: ['user'] };
    expect(await zitadel.projects.ensureGrant(grant)).toEqual({ created: false });
    expect(JSON.parse(fetch.sent.at(-1)?.body ?? '')).toEqual(grant);
  });

  it('an organization that is not listed is not there to get', async () => {
    const { zitadel } = zitadelWith({ [`${org}/ListOrganizations`]: () => ({ json: {} }) });
    await expect(zitadel.organizations.get('4')).rejects.toMatchObject({ code: 'zitadel_not_found' });
    expect(await zitadel.organizations.find('4')).toBeUndefined();
  });
});

describe('the probe', () => {
  const served = {
    'zitadel.project.v2.ProjectService/ListProjects': () => ({ json: {} }),
    'zitadel.authorization.v2.AuthorizationService/ListAuthorizations': () => ({ json: {} }),
    'zitadel.org.v2.OrganizationService/ListOrganizationMetadata': () =>
      connectError('not_found', 'ORG-1', 404),
  } as const;
  const version = (text: string) => ({
    'zitadel.instance.v2.InstanceService/GetInstance': () => ({
      json: { instance: { id: '1', version: text } },
    }),
  });

  it.each(['v4.7.0', '4.13.1', '5.0.0', 'dev'])('takes %s', async (text) => {
    const { zitadel } = zitadelWith({ ...served, ...version(text) });
    expect(await zitadel.probe()).toEqual({ version: text.replace(/^v/, '') });
  });

  it.each(['v4.6.9', '3.99.0', '2.71.16'])('refuses %s', async (text) => {
    const { zitadel } = zitadelWith({ ...served, ...version(text) });
    await expect(zitadel.probe()).rejects.toMatchObject({ code: 'zitadel_too_old' });
  });

  it('goes by what is served where the version may not be read', async () => {
    const refused = {
      'zitadel.instance.v2.InstanceService/GetInstance': () =>
        connectError('permission_denied', 'AUTH-5mWD2', 403),
    };
    expect(await zitadelWith({ ...served, ...refused }).zitadel.probe()).toEqual({});
    const old = zitadelWith({
      ...served,
      ...refused,
      'zitadel.project.v2.ProjectService/ListProjects': () =>
        new Response('404 page not found', { status: 404 }),
    });
    await expect(old.zitadel.probe()).rejects.toMatchObject({ code: 'zitadel_too_old' });
  });
});
