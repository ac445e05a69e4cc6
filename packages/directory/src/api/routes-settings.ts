import { z } from 'zod';
import type { ShownSetting } from '../settings/index.ts';
import { callerOf } from './access.ts';
import { versionOf } from './etag.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';

const setting = z
  .object({
    key: z.string(),
    value: z.json(),
    default: z.json(),
    source: z
      .enum(['default', 'page', 'environment'])
      .describe('The environment wins, and is not changed here.'),
    variable: z.string().describe('The environment variable that sets it, or would.'),
    effect: z.string().describe('What the value does, in words and present numbers.'),
    updatedBy: z.string().nullable(),
    updatedAt: z.iso.datetime().nullable(),
    version: z.int(),
  })
  .meta({ id: 'Setting' });

const change = z.strictObject({ value: z.json(), reason: schemas.reason }).meta({ id: 'ChangeSetting' });

/** What site administrators may change while the directory runs. */
export function settingRoutes(app: Api, { settings }: ApiServices): void {
  app.route({
    method: 'GET',
    url: '/api/settings',
    config: { access: { kind: 'site' } },
    schema: {
      summary: 'List the settings, where each is from and what it does',
      response: { 200: z.object({ items: z.array(setting) }), ...schemas.problems },
    },
    handler: async () => ({ items: (await settings.list()).map(showSetting) }),
  });

  app.route({
    method: 'PUT',
    url: '/api/settings/:key',
    config: { access: { kind: 'site' } },
    schema: {
      summary: 'Change a setting',
      params: z.object({ key: z.string().max(100) }),
      headers: schemas.ifMatchHeaders,
      body: change,
      response: { 200: setting, ...schemas.problems },
    },
    handler: async (request) => {
      const version = versionOf(request);
      const { value, reason } = request.body;
      const changed = await settings.change({
        key: request.params.key,
        value,
        reason,
        actor: callerOf(request).subject,
        requestId: request.id,
        ...(version === undefined ? {} : { version }),
      });
      return showSetting(changed);
    },
  });
}

function showSetting(shown: ShownSetting): z.infer<typeof setting> {
  return {
    key: shown.key,
    value: shown.value as z.infer<typeof setting>['value'],
    default: shown.default as z.infer<typeof setting>['default'],
    source: shown.source,
    variable: shown.variable,
    effect: shown.effect,
    updatedBy: shown.updatedBy ?? null,
    updatedAt: shown.updatedAt?.toISOString() ?? null,
    version: shown.version,
  };
}
