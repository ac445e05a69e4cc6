import { afterEach } from 'vitest';
import type { MethodName } from '../../src/index.ts';
import { createZitadel, type Zitadel } from '../../src/index.ts';
import { type Answer, fakeFetch, type Sent, tokenAnswer } from './fetch.ts';
import { serviceAccount } from './keys.ts';

export const self = '300000000000000001';

type Handler = (request: Record<string, unknown>, sent: Sent) => Answer;

/** A client whose Zitadel is a table of answers; it sees its own user and one organization unless told otherwise. */
export function zitadelWith(handlers: Partial<Record<MethodName, Handler>>) {
  const all: Partial<Record<string, Handler>> = {
    'zitadel.org.v2.OrganizationService/ListOrganizations': () => ({
      json: { result: [{ id: '3', state: 'ORGANIZATION_STATE_ACTIVE', name: 'acme' }] },
    }),
    ...handlers,
  };
  const fetch = fakeFetch((sent) => {
    if (sent.path === '/oauth/v2/token') return tokenAnswer('t');
    const request = JSON.parse(sent.body) as Record<string, unknown>;
    const method = sent.path.slice(1);
    if (
      method.endsWith('/GetUserByID') &&
      request.userId === self &&
      !handlers['zitadel.user.v2.UserService/GetUserByID']
    ) {
      return { json: userAnswer(self) };
    }
    const handler = all[method];
    if (!handler) throw new Error(`not expected: ${method}`);
    return handler(request, sent);
  });
  const zitadel = createZitadel({
    issuer: 'https://sso.acme.example',
    credentials: serviceAccount(),
    http: { fetch },
    random: () => 0,
  });
  open.push(zitadel);
  const calls = () =>
    fetch.sent
      .filter(({ path }) => path !== '/oauth/v2/token')
      .map(({ path }) => path.split('/').at(-1) ?? '');
  return { zitadel, fetch, calls };
}

const open: Zitadel[] = [];
afterEach(async () => {
  for (const zitadel of open.splice(0)) await zitadel.close();
});

export function userAnswer(userId: string, state = 'USER_STATE_ACTIVE', organization = '3'): object {
  return { user: { userId, state, details: { resourceOwner: organization } } };
}
