import { Secret } from '@drawbridge/kit';
import { parseApplicationKey } from '@drawbridge/zitadel';
import { onTestFinished } from 'vitest';
import { instead } from './instead.ts';
import { describePlanted, useWorld } from './planted.ts';

const world = useWorld();
const day = 86_400_000;
const hour = 3_600_000;

describePlanted(world, [
  {
    fault: 'Zitadel publishes no key',
    plant: () => instead(world(), '/oauth/v2/keys', () => Response.json({ keys: [] })),
    check: 'jwks',
    says: /publishes no signing key/,
    remedy: /Zitadel's log/,
  },
  {
    fault: 'a cache in front of Zitadel keeps its keys for too long',
    plant: () =>
      instead(world(), '/oauth/v2/keys', () =>
        Response.json(
          { keys: [{ kid: '1', kty: 'RSA' }] },
          { headers: { age: '4000', 'cache-control': 'max-age=300' } },
        ),
      ),
    check: 'key cache',
    says: /4000 s old, and good for 300 s/,
    remedy: /pass \/oauth\/v2\/keys on/,
  },
  {
    fault: 'the key that signs now is not published',
    plant: () => {
      const header = Buffer.from('{"alg":"RS256","kid":"newest"}').toString('base64url');
      const token = new Secret(`${header}.e30.c2ln`);
      return {
        zitadel: async () => ({
          ...world().zitadel,
          token: { ...world().zitadel.token, get: async () => token },
        }),
      };
    },
    check: 'key cache',
    says: /newest, which signs now, is not among/,
    remedy: /read it again/,
  },
  {
    fault: 'the application project does not exist',
    plant: () => ({ projectId: '999' }),
    check: 'project',
    says: /shows no project 999/,
    remedy: /DRAWBRIDGE_PROJECT_ID/,
  },
  {
    fault: 'the application that introspects is of another project',
    plant: async () => {
      const { organizationId } = world();
      const other = await world().zitadel.projects.create({ organizationId, name: `Other ${Math.random()}` });
      const application = parseApplicationKey(await world().applicationOf(other.id, 'elsewhere'));
      return { application: async () => application };
    },
    check: 'audience',
    says: /is refused \(inactive\)/,
    remedy: /API application in project/,
  },
  {
    fault: 'the token is not for the project',
    plant: () => ({
      projectToken: async () => await world().tokenFor((await world().machine('astray')).account, '4711'),
    }),
    check: 'audience',
    says: /is refused \(audience\)/,
    remedy: /urn:zitadel:iam:org:project:id:\d+:aud/,
  },
  {
    fault: 'access tokens outlive what is remembered of their revocation',
    plant: async () => {
      const lifetimes = {
        accessTokenMs: 24 * hour,
        idTokenMs: hour,
        refreshIdleMs: 30 * day,
        refreshMs: 90 * day,
      };
      await world().zitadel.oidcSettings.set(lifetimes);
      onTestFinished(async () => {
        await world().zitadel.oidcSettings.set({ ...lifetimes, accessTokenMs: 12 * hour });
      });
      return {};
    },
    check: 'lifetimes',
    says: /access tokens live 24 h/,
    remedy: /shorten them/,
  },
]);
