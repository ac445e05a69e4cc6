import { describe, expect, it } from 'vitest';
import { createZitadel } from '../../src/index.ts';
import { type Answer, connectError, fakeFetch, type Sent, tokenAnswer } from '../support/fetch.ts';
import { serviceAccount } from '../support/keys.ts';
import { zitadelWith } from '../support/zitadel.ts';

const hour = 3_600_000;
const lifetimes = { accessTokenMs: hour, idTokenMs: hour, refreshIdleMs: 24 * hour, refreshMs: 48 * hour };

function settingsWith(answer: (sent: Sent) => Answer) {
  const fetch = fakeFetch((sent) => (sent.path === '/oauth/v2/token' ? tokenAnswer('t') : answer(sent)));
  const zitadel = createZitadel({
    issuer: 'https://sso.acme.example',
    credentials: serviceAccount(),
    http: { fetch },
    random: () => 0,
  });
  const methods = () =>
    fetch.sent.filter(({ path }) => path.startsWith('/admin')).map(({ method }) => method);
  return { settings: zitadel.oidcSettings, methods, fetch };
}

const restError = (code: number, status: number, id: string): Answer => ({
  status,
  json: { code, message: `text (${id})`, details: [{ id }] },
});

describe('token lifetimes', () => {
  it('are updated where some were set, and nothing to change is success', async () => {
    const { settings, fetch } = settingsWith(() => ({ json: {} }));
    expect(await settings.set(lifetimes)).toEqual({ changed: true });
    expect(JSON.parse(fetch.sent.at(-1)?.body ?? '')).toEqual({
      accessTokenLifetime: '3600s',
      idTokenLifetime: '3600s',
      refreshTokenIdleExpiration: '86400s',
      refreshTokenExpiration: '172800s',
    });
    const same = settingsWith(() => restError(9, 400, 'COMMAND-0pk2nu'));
    expect(await same.settings.set(lifetimes)).toEqual({ changed: false });
  });

  it('are added where none were', async () => {
    const { settings, methods } = settingsWith(({ method }) =>
      method === 'PUT' ? restError(5, 404, 'INST-90s32oj') : { json: {} },
    );
    expect(await settings.set(lifetimes)).toEqual({ changed: true });
    expect(methods()).toEqual(['PUT', 'POST']);
  });

  it('are read, or undefined while the defaults hold', async () => {
    const { settings } = settingsWith(() => ({
      json: {
        settings: {
          accessTokenLifetime: '3600s',
          idTokenLifetime: '3600s',
          refreshTokenIdleExpiration: '86400s',
          refreshTokenExpiration: '172800s',
        },
      },
    }));
    expect(await settings.get()).toEqual(lifetimes);
    const unset = settingsWith(() => restError(5, 404, 'QUERY-s9nlo'));
    expect(await unset.settings.get()).toBeUndefined();
    const absent = settingsWith(() => new Response('404 page not found', { status: 404 }));
    await expect(absent.settings.get()).rejects.toMatchObject({ code: 'zitadel_unimplemented' });
  });
});

describe('the life of an application', () => {
  const service = 'zitadel.application.v2.ApplicationService';
  it('a change of one setting sends response and grant types as they are, which Zitadel would set anew', async () => {
    const present = {
      responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
      grantTypes: ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
    } as const;
    const { zitadel, fetch } = zitadelWith({
      [`${service}/GetApplication`]: () => ({
        json: { application: { applicationId: 'a', name: 'A', oidcConfiguration: present } },
      }),
      [`${service}/UpdateApplication`]: () => ({ json: {} }),
    });
    const redirectUris = ['https://a.example/back'];
    const app = { applicationId: 'a', projectId: 'p' };
    await zitadel.applications.update({ ...app, oidcConfiguration: { redirectUris } });
    expect(JSON.parse(fetch.sent.at(-1)?.body ?? '')).toEqual({
      ...app,
      oidcConfiguration: { ...present, redirectUris },
    });
    const before = fetch.sent.length;
    await zitadel.applications.update({ ...app, oidcConfiguration: { ...present, redirectUris } });
    expect(fetch.sent.length).toBe(before + 1);
  });

  it('asking again is success', async () => {
    const { zitadel } = zitadelWith({
      [`${service}/UpdateApplication`]: () => connectError('failed_precondition', 'COMMAND-1m88i', 400),
      [`${service}/DeactivateApplication`]: () => connectError('failed_precondition', 'COMMAND-dsh35', 400),
      [`${service}/ReactivateApplication`]: () => connectError('failed_precondition', 'COMMAND-1n8cM', 400),
      [`${service}/DeleteApplication`]: () => connectError('not_found', 'COMMAND-0po9s', 404),
      [`${service}/DeleteApplicationKey`]: () => connectError('not_found', 'COMMAND-4m77G', 404),
    });
    const { applications } = zitadel;
    const unchanged = { changed: false };
    expect(await applications.update({ projectId: '5', applicationId: '6' })).toEqual(unchanged);
    expect(await applications.deactivate('5', '6')).toEqual(unchanged);
    expect(await applications.reactivate('5', '6')).toEqual(unchanged);
    expect(await applications.remove('5', '6')).toEqual(unchanged);
    expect(await applications.removeKey('5', '6', '9')).toEqual(unchanged);
  });
});
