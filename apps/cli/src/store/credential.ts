import type { OpenbaoCredential } from '@drawbridge/config/openbao';
import { DrawbridgeError, readPrivateFile } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import type { OpenbaoPlace } from '../places/index.ts';
import { notePlace } from '../places/index.ts';
import { openbaoAccountSettings, settingsOf } from '../settings/index.ts';
import type { PersonSession } from '../sign-in/index.ts';

/** Who signs in, and what to close afterwards. */
export interface Credential {
  readonly as: OpenbaoCredential;
  close(): Promise<void>;
}

/**
 * Who signs in at OpenBao: the token that is set, a name with a password, a pod, a service account of Zitadel, else the person at this
 * machine. What that takes is loaded when it is needed.
 */
export async function credentialOf(
  context: Context,
  place: OpenbaoPlace,
  flags: Readonly<Record<string, unknown>>,
): Promise<Credential> {
  if (place.token) return without({ kind: 'token', token: place.token });
  const { values } = await settingsOf(openbaoAccountSettings, context, flags);
  const { username, passwordPath, userpassMount, podToken, keyPath, projectId } = values;
  if (username !== undefined) {
    const password = async () => {
      if (passwordPath !== undefined)
        return (await readPrivateFile(passwordPath)).content.map((text) => text.trim());
      const { askSecret } = await import('../terminal/index.ts');
      const text = `Password of ${username} at OpenBao`;
      return await askSecret(context.terminal, { text, setting: 'OPENBAO_PASSWORD_PATH' }, context.signal);
    };
    return without({
      kind: 'userpass',
      username,
      password,
      ...(userpassMount === undefined ? {} : { mount: userpassMount }),
    });
  }
  if (podToken !== undefined) return without({ kind: 'kubernetes', tokenPath: podToken });
  if (keyPath !== undefined && place.person)
    return without(await machineOf(context, place, keyPath, projectId));
  return personOf(context, place);
}

function without(as: OpenbaoCredential): Credential {
  return { as, close: async () => undefined };
}

async function machineOf(
  context: Context,
  { person }: OpenbaoPlace,
  keyPath: string,
  projectId: string | undefined,
): Promise<OpenbaoCredential> {
  const { issuer = '', address } = person ?? {};
  const subject = await subjectOf(keyPath);
  return {
    kind: 'machine',
    token: async () => {
      const { mintToken } = await import('../connection.ts');
      return await mintToken({ issuer, address, keyPath, directory: undefined, projectId }, context, [], {
        isForZitadel: false,
      });
    },
    ...(subject === undefined ? {} : { subject }),
  };
}

/** Whose key it is, without reading more of it than that. Who signs with it reads it properly. */
async function subjectOf(keyPath: string): Promise<string | undefined> {
  const { content } = await readPrivateFile(keyPath);
  try {
    const { userId } = JSON.parse(content.expose()) as { userId?: unknown };
    return typeof userId === 'string' ? userId : undefined;
  } catch {
    return undefined;
  }
}

/** The person at this machine. */
export function personOf(context: Context, place: OpenbaoPlace): Credential {
  const { person } = place;
  let opened: Promise<PersonSession> | undefined;
  const open = async (): Promise<PersonSession> => {
    if (!person) {
      throw new DrawbridgeError('not_signed_in', {
        message: 'OpenBao is set, but not where to sign in for it.',
        fix: 'Set HARMONY_SSO_URL and HARMONY_SSO_CLIENT_ID, or OPENBAO_TOKEN.',
      });
    }
    await notePlace(context.env, place);
    const { openSession } = await import('../sign-in/index.ts');
    return await openSession(context, person);
  };
  return {
    as: {
      kind: 'person',
      session: async () => {
        opened ??= open();
        return (await opened).user;
      },
      request: {
        terminal: context.terminal.hasPerson,
        onWaiting: () => {
          if (context.terminal.hasPerson)
            context.terminal.note('Another drawbridge is signing in; waiting for it.');
        },
        interactive: async (signIn) => {
          const { askPerson } = await import('../sign-in/index.ts');
          return await askPerson(context)(signIn);
        },
      },
    },
    close: async () => {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
