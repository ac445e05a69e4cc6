import { jsonSchemaOf } from '@drawbridge/config';
import { DrawbridgeError } from '@drawbridge/kit';
import type { Context } from '../../context.ts';
import { settingsOf, storeSettings } from '../../settings/index.ts';
import { loadDefinitions } from '../../store/index.ts';

/** `drawbridge config schema`: what a project's definitions ask for, as JSON Schema, for editors and for those who set the values. */
export async function showSchema(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { values } = await settingsOf(storeSettings, context, flags);
  if (values.definitions === undefined)
    throw new DrawbridgeError('usage', {
      message: 'Which definitions is not set: --definitions with the module that exports them.',
    });
  const definitions = [...(await loadDefinitions(values.definitions)).values()];
  const properties = definitions.map(({ key, schema, description, secret, secretFields }) => [
    key,
    {
      // A library that cannot tell leaves it open.
      ...jsonSchemaOf(schema),
      ...(description === undefined ? {} : { description }),
      ...(secret ? { writeOnly: true } : {}),
      ...(secretFields.length > 0 ? { 'x-secret-fields': secretFields } : {}),
    },
  ]);
  const document = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(properties) as Record<string, unknown>,
  };
  await context.terminal.write(`${JSON.stringify(document, null, context.terminal.json ? 0 : 2)}\n`);
}
