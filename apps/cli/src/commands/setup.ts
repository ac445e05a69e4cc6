import { nameFirstAdministrator, openDatabase } from '@drawbridge/directory';
import { loadSettings, required, validators } from '@drawbridge/kit';
import type { Context } from '../context.ts';

const databaseSettings = {
  url: required(validators.secret(), {
    env: ['DATABASE_URL'],
    key: 'database.url',
    description: 'PostgreSQL of the directory.',
  }),
};

/** `drawbridge setup directory --admin SUB`: names the first site administrator. */
export async function setupDirectory(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { admin } = flags as { admin: string };
  const { values } = await loadSettings(databaseSettings, { env: context.env });
  const database = await openDatabase({ url: values.url });
  try {
    await database.migrate();
    await nameFirstAdministrator(database, admin);
  } finally {
    await database.close();
  }
  if (context.terminal.json)
    context.terminal.document({ schema: 'drawbridge.setup-directory/v1', administrator: admin });
  else
    context.terminal.answer(
      `${admin} is the first site administrator. Recorded in the audit; this works only once.`,
    );
}
