import { isAbsolute, resolve } from 'node:path';
import {
  nameFirstAdministrator,
  openDatabase,
  putZitadelIntegration,
  type ZitadelIntegration,
} from '@drawbridge/directory';
import { DrawbridgeError, requireSecureUrl } from '@drawbridge/kit';
import type { Context } from '../../context.ts';
import { serveSettings, settingsOf } from '../../settings/index.ts';

interface SetupFlags {
  readonly admin: string;
  readonly issuer?: string;
  readonly address?: string;
  readonly project?: string;
  readonly key?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly webClientId?: string;
  readonly managementClientId?: string;
}

// What `serve` takes, this takes.
const { database, allowInsecure } = serveSettings;
const setupSettings = { database, allowInsecure };

/**
 * `drawbridge setup directory --admin SUB`: names the first site administrator and, with them, the Zitadel they sign in at.
 * Nobody can sign in before there is one, so that the console cannot do this.
 */
export async function setupDirectory(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal } = context;
  const given = flags as unknown as SetupFlags;
  const at = new Date();
  const { values } = await settingsOf(setupSettings, context, flags);
  const integration = integrationOf(given, values.allowInsecure, at);
  const database = await openDatabase({ url: values.database });
  try {
    await database.migrate();
    await nameFirstAdministrator(database, given.admin, undefined, async (trx) => {
      if (integration) await putZitadelIntegration(trx, integration);
    });
  } finally {
    await database.close();
  }
  if (terminal.json) {
    terminal.document({
      schema: 'drawbridge.setup-directory/v1',
      administrator: given.admin,
      integration: integration ? { name: integration.name, issuer: integration.issuer } : null,
    });
    return;
  }
  terminal.answer(
    `${given.admin} is the first site administrator. Recorded in the audit; this works only once.`,
  );
  if (integration) terminal.answer(`${integration.issuer} is integrated as "${integration.name}".`);
  terminal.note(
    integration
      ? 'Next: drawbridge serve   then sign in, and add an organization'
      : 'Next: integrate Zitadel through the API, with a token of this administrator, or set up anew with --issuer',
  );
}

const needed = ['issuer', 'project', 'key', 'clientId', 'clientSecret'] as const;

/** The integration that the flags describe; nothing where none of them is given. @throws {DrawbridgeError} `usage` */
function integrationOf(flags: SetupFlags, allowInsecure: boolean, at: Date): ZitadelIntegration | undefined {
  const { issuer, project, key, clientId, clientSecret, address, webClientId, managementClientId } = flags;
  const given = needed.filter((name) => flags[name] !== undefined);
  if (given.length === 0) return undefined;
  if (!issuer || !project || !key || !clientId || !clientSecret) {
    const missing = needed.filter((name) => flags[name] === undefined).map((name) => `--${kebab(name)}`);
    throw new DrawbridgeError('usage', { message: `An integration also needs ${missing.join(', ')}.` });
  }
  requireSecureUrl(issuer, { allowInsecure });
  return {
    name: 'zitadel',
    issuer,
    projectId: project,
    clientId,
    clientSecret: referenceOf(clientSecret),
    serviceAccount: referenceOf(key),
    actor: 'setup',
    at,
    ...(address === undefined ? {} : { address }),
    ...(webClientId === undefined ? {} : { web: { clientId: webClientId } }),
    ...(managementClientId === undefined ? {} : { management: { clientId: managementClientId } }),
  };
}

/** The database holds where a secret is, not the secret. */
function referenceOf(place: string): string {
  if (/^(file|env):/.test(place)) return place;
  return `file:${isAbsolute(place) ? place : resolve(place)}`;
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
