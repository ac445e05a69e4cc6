import { overview } from './overview.ts';
import { at } from './time.ts';

/** What the API answers about what the site is made of: service accounts, settings, integrations. */
export const siteAnswers = {
  '/api/service-accounts': {
    items: [
      {
        id: 'drawbridge-directory',
        name: 'Drawbridge directory',
        state: 'active',
        roles: {
          has: ['IAM_USER_MANAGER', 'IAM_OWNER'],
          needs: ['IAM_USER_MANAGER'],
          missing: [],
          superfluous: ['IAM_OWNER'],
        },
        keys: [
          { id: 'key-271828', createdAt: at(500_000), expiresAt: at(-8_000) },
          { id: 'key-314159', createdAt: at(5_000), expiresAt: at(-80_000) },
        ],
        lastUsedAt: at(4),
      },
    ],
  },
  '/api/settings': {
    items: [
      {
        key: 'sync.intervalMinutes',
        value: 30,
        default: 30,
        source: 'default',
        effect: 'Who is deactivated at Zitadel is inactive here after 30 min at latest.',
      },
      {
        key: 'sync.brakeOn',
        value: true,
        default: true,
        source: 'page',
        effect: 'A sweep of 412 users stops at 20.',
        updatedBy: 'ben',
        updatedAt: at(600),
      },
      {
        key: 'sync.conflictRule',
        value: 'zitadel',
        default: 'zitadel',
        source: 'environment',
        variable: 'DRAWBRIDGE_CONFLICT_RULE',
        effect: 'Where the places differ, Zitadel is right.',
      },
    ],
  },
  '/api/integrations': {
    items: [
      {
        id: 'i1',
        name: 'zitadel',
        type: 'zitadel',
        issuer: 'https://sso.acme.example',
        projectId: 'drawbridge',
        clientId: '3141',
        secretsChangedAt: at(4_000),
        secretsChangedBy: 'ben',
      },
    ],
  },
  '/api/integrations/i1/health': overview.integrations[0],
  '/api/integrations/test': {
    checks: [
      { name: 'discovery', mark: 'ok', saw: 'https://sso.acme.example answers', means: null, fix: null },
      {
        name: 'key',
        mark: 'warn',
        saw: 'ends in 6 days',
        means: 'provisioning stops then',
        fix: 'drawbridge setup zitadel --rotate-key',
      },
      {
        name: 'clock',
        mark: 'fail',
        saw: '94 s ahead',
        means: 'every assertion is refused',
        fix: 'sudo timedatectl set-ntp true',
      },
    ],
    roles: { has: ['IAM_USER_MANAGER'], needs: ['IAM_USER_MANAGER'], missing: [], wanted: [] },
  },
};
