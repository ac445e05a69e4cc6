import { randomUUID } from 'node:crypto';
import { type ConfigSource, createConfigManager, environmentSource, variableOf } from '@drawbridge/config';
import { createOpenbaoSession, openbaoSource } from '@drawbridge/config/openbao';
import { DrawbridgeError, readPrivateFile, type Secret } from '@drawbridge/kit';
import type { Context } from '../../context.ts';
import { devFolder, readDevFile } from '../../dev-file.ts';
import { findOpenbao, type OpenbaoPlace } from '../../places/index.ts';
import { settingsOf, storeSettings } from '../../settings/index.ts';
import { exposed, openOpenbaoSession } from '../../store/index.ts';

type Flags = Readonly<Record<string, unknown>>;

const key = 'greeting';
/** Not among the values of anybody's environment: OpenBao goes on listing what was taken away. */
const environment = 'drawbridge-demo';

/**
 * `drawbridge demo`: a value written to OpenBao and read back, then the same key overridden by the environment, and what `explain` says of
 * it. With `--sso` all of it as the person who signed in, else with the token that is set, or that of the `dev` or the stack of this machine. It
 * takes away what it wrote.
 */
export async function demo(context: Context, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const place = await findOpenbao(context, flags);
  const sso = flags.sso === true;
  if (!place || (!sso && !place.token)) {
    const { demoOfStack } = await import('../stack/wired.ts');
    if (await demoOfStack(context, sso, place?.url)) return;
  }
  if (!place)
    throw new DrawbridgeError('usage', {
      message: 'Which OpenBao is not set, and no drawbridge dev was found.',
      fix: 'Start drawbridge dev, or set OPENBAO_URL.',
    });
  const { values } = await settingsOf(storeSettings, context, flags);
  const { app, mount } = values;
  const opened = sso ? await bySso(context, place, flags) : await byToken(context, place);
  const store = openbaoSource({ session: opened.session, app, environment, mount });
  try {
    const who = sso ? 'as the person who signed in' : 'with a token';
    terminal.note(`OpenBao ${place.url}, ${who}`);
    const steps = await walk(store, signal);
    for (const { title, text } of terminal.json ? [] : steps)
      terminal.answer(`${terminal.sign('ok', title.padEnd(10))} ${text}`);
    if (terminal.json) terminal.document({ schema: 'drawbridge.demo/v1', url: place.url, steps });
    else terminal.note('Taken away again. Next: drawbridge config set greeting hello');
  } finally {
    await opened.close();
  }
}

interface Step {
  readonly title: string;
  readonly text: string;
}

async function walk(store: ConfigSource, signal: AbortSignal): Promise<readonly Step[]> {
  const greeting = { text: 'hello', id: randomUUID() };
  const plain = createConfigManager({ sources: [environmentSource({ env: {} }), store] });
  const variable = `${variableOf(key)}__TEXT`;
  const overridden = createConfigManager({
    sources: [environmentSource({ env: { [variable]: 'bonjour' } }), store],
  });
  try {
    const written = await plain.set(key, greeting, { signal });
    const read = exposed(await plain.get(key, { signal, fresh: true })) as Partial<typeof greeting>;
    if (read.id !== greeting.id)
      throw new DrawbridgeError('check_failed', {
        message: 'OpenBao gave back another value than was written.',
      });
    const over = exposed(await overridden.get(key, { signal })) as Partial<typeof greeting>;
    const { sources } = await overridden.explain(key, { signal });
    return [
      { title: 'write', text: `${written.where}, version ${written.version ?? 1}` },
      { title: 'read', text: `text is "${read.text}", from OpenBao` },
      { title: 'override', text: `text is "${over.text}", from ${variable}` },
      ...sources.map(({ name, where, why }) => ({
        title: 'explain',
        text: `${name}: ${where ?? why ?? ''}`,
      })),
    ];
  } finally {
    try {
      await plain.unset(key);
    } finally {
      await Promise.all([plain.close(), overridden.close()]);
    }
  }
}

async function bySso(context: Context, place: OpenbaoPlace, flags: Flags) {
  return await openOpenbaoSession(context, { ...place, token: undefined }, flags, true);
}

async function byToken(context: Context, place: OpenbaoPlace) {
  const token = place.token ?? (await devToken(context, place.url));
  if (!token)
    throw new DrawbridgeError('not_signed_in', {
      message: 'No token of OpenBao is set.',
      fix: 'Set OPENBAO_TOKEN, or use your own sign-in: drawbridge demo --sso',
    });
  const { url, allowInsecure, namespace, address } = place;
  const session = createOpenbaoSession({
    url,
    allowInsecure,
    as: { kind: 'token', token },
    ...(namespace === undefined ? {} : { namespace }),
    ...(address === undefined ? {} : { address }),
  });
  return { session, close: () => session.close() };
}

/** That of the `dev` of this machine, and only for its OpenBao. */
async function devToken({ env, flags }: Context, url: string): Promise<Secret | undefined> {
  const dev = await readDevFile(devFolder(env, flags.dataDir));
  if (dev?.openbao !== url) return undefined;
  return (await readPrivateFile(dev.openbaoRootTokenPath)).content.map((text) => text.trim());
}
