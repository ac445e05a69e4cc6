import { DrawbridgeError, readPrivateFile, type Secret } from '@drawbridge/kit';
import {
  applyOpenbao,
  createOpenbao,
  harmonySetup,
  type OpenbaoChange,
  planOpenbao,
} from '@drawbridge/openbao';
import type { Context } from '../../context.ts';
import { type DevFile, devFolder, readDevFile } from '../../dev-file.ts';
import { readText } from '../../read-text.ts';
import { openbaoSettings, settingsOf, signInSettings } from '../../settings/index.ts';
import { agree } from '../../terminal/index.ts';
import { ciOf, teamOf } from './openbao-flags.ts';
import { describeChange } from './openbao-plan.ts';

interface SetupFlags {
  readonly audience?: readonly string[];
  readonly jwksUrl?: string;
  readonly keysCa?: string;
  readonly team?: readonly string[];
  readonly ci?: readonly string[];
  readonly ciIssuer?: string;
  readonly ciAudience?: string;
  readonly tokenFile?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/**
 * `drawbridge setup openbao`: what people who sign in with Zitadel need in OpenBao. Shows what would change, and changes it after a
 * yes. Where all is as it is to be, nothing is asked and nothing written.
 */
export async function setupOpenbao(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, signal } = context;
  const given = flags as SetupFlags;
  const { url, token, options, wanted } = await intentOf(context, given);
  const openbao = createOpenbao({ ...options, url, token });
  try {
    const changes = await planOpenbao(openbao, wanted, { signal });
    if (!terminal.json) show(context, url, changes);
    const isDue = changes.length > 0 && given.dryRun !== true;
    if (isDue) {
      const question = `Make ${countOf(changes)}?`;
      await agree(terminal, { question, yes: given.yes ?? false }, signal);
      await applyOpenbao(openbao, changes, { signal });
    }
    if (terminal.json) {
      const made = changes.map(({ action, title, fields }) => ({ action, title, fields }));
      terminal.document({ schema: 'drawbridge.setup-openbao/v1', url, applied: isDue, changes: made });
    } else if (isDue) {
      terminal.mark('ok', ['openbao', `${countOf(changes)} made; a repeat changes nothing`]);
      terminal.note('Next: drawbridge login');
    } else if (changes.length > 0) terminal.note('Nothing was changed.');
  } finally {
    await openbao.close();
  }
}

async function intentOf(context: Context, given: SetupFlags) {
  const flags = given as Readonly<Record<string, unknown>>;
  const { values } = await settingsOf(openbaoSettings, context, flags);
  const { values: signIn } = await settingsOf(signInSettings, context, flags);
  const dev = await readDevFile(devFolder(context.env, context.flags.dataDir));
  const url = values.url ?? dev?.openbao;
  const issuer = signIn.issuer ?? dev?.issuer;
  if (url === undefined || issuer === undefined) {
    const what = url === undefined ? 'OpenBao' : 'Zitadel';
    throw new DrawbridgeError('usage', {
      message: `Which ${what} is not set.`,
      fix:
        url === undefined
          ? 'Set --openbao or OPENBAO_URL to its URL.'
          : 'Set --issuer or HARMONY_SSO_URL to its URL.',
    });
  }
  const audiences = given.audience ?? (issuer === dev?.issuer ? [dev.projectId] : undefined);
  if (!audiences)
    throw new DrawbridgeError('usage', {
      message:
        'Whose tokens count is not said: --audience with the id of the application or its project in Zitadel.',
    });
  const { mount, role, address, namespace, allowInsecure } = values;
  return {
    url,
    token: await adminToken(values.token, given.tokenFile, url === dev?.openbao ? dev : undefined),
    options: {
      allowInsecure,
      ...(address === undefined ? {} : { address }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(values.ca === undefined ? {} : { ca: await readText(values.ca) }),
    },
    wanted: harmonySetup({
      issuer,
      audiences: [...new Set(audiences)],
      teams: (given.team ?? []).map(teamOf),
      ci: (given.ci ?? []).map((job) => ciOf(job, given)),
      ...(given.jwksUrl === undefined ? {} : { jwksUrl: given.jwksUrl }),
      ...(given.keysCa === undefined ? {} : { ca: await readText(given.keysCa) }),
      ...(mount === undefined ? {} : { mount }),
      ...(role === undefined ? {} : { role }),
    }),
  };
}

/** What may set up: never an argument, which every process of the machine can read. */
async function adminToken(
  token: Secret | undefined,
  file: string | undefined,
  dev: DevFile | undefined,
): Promise<Secret> {
  const path = file ?? (token ? undefined : dev?.openbaoRootTokenPath);
  if (path !== undefined) return (await readPrivateFile(path)).content.map((text) => text.trim());
  if (token) return token;
  throw new DrawbridgeError('not_signed_in', {
    message: 'A token of OpenBao that may set it up is needed.',
    fix: 'Set OPENBAO_TOKEN, or --token-file.',
  });
}

function show({ terminal }: Context, url: string, changes: readonly OpenbaoChange[]): void {
  if (changes.length === 0) {
    terminal.answer(`${url} is as it is to be; nothing to change.`);
    return;
  }
  for (const change of changes) for (const line of describeChange(change)) terminal.answer(line);
}

function countOf({ length }: readonly OpenbaoChange[]): string {
  return length === 1 ? '1 change' : `${length} changes`;
}
