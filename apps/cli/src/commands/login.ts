import { DrawbridgeError } from '@drawbridge/kit';
import type { PersonSession as Signed } from '@drawbridge/zitadel';
import type { Context } from '../context.ts';
import {
  findOpenbao,
  type OpenbaoPlace,
  type OpenbaoProfile,
  requirePlace,
  type SignInPlace,
  writeProfile,
} from '../places/index.ts';
import { askPerson, openSession, type PersonSession, requestOf } from '../sign-in/index.ts';
import { openOpenbaoSession } from '../store/index.ts';
import { wrap } from '../terminal/index.ts';

interface LoginFlags {
  readonly browser?: boolean;
  readonly open?: boolean;
  readonly again?: boolean;
  readonly switch?: boolean;
  readonly audience?: readonly string[];
}

/** `drawbridge login`: signs the person at this terminal in. Who is signed in already is only told so. */
export async function login(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { terminal } = context;
  const given = flags as LoginFlags;
  const place = await requirePlace(context, flags);
  const session = await openSession(context, place, given.audience);
  try {
    const before = await session.record();
    const again = given.again === true || given.switch === true || given.audience !== undefined;
    const signed = await session.user.get({
      ...requestOf(context),
      interactive: askPerson(context, given),
      terminal: terminal.hasPerson,
      idToken: true,
      again,
      switchUser: given.switch ?? false,
    });
    const { name, organization } = await whoIs(session, signed);
    const openbao = await enterOpenbao(context, flags);
    await keepPlace(context, place, openbao?.place);
    if (terminal.json) {
      const { subject, issuer } = signed;
      const entered = openbao && { url: openbao.place.url, role: openbao.role ?? null };
      terminal.event('result', { issuer, subject, name, organization, openbao: entered ?? null });
    } else {
      const where = organization === undefined ? '' : ` (${organization})`;
      const store = openbao?.role === undefined ? '' : ` OpenBao: ${openbao.role}.`;
      terminal.answer(terminal.sign('ok', `Signed in as ${name}${where}.${store}`));
      if (!before)
        for (const line of wrap(session.kept, Math.min(terminal.style.columns, 80) - 2))
          terminal.note(`  ${line}`);
    }
    if (openbao?.error) throw openbao.error;
  } finally {
    await session.close();
  }
}

/** The issuer's words for who that is; the id alone where it cannot be asked now. */
async function whoIs(
  { signIn }: PersonSession,
  { accessToken, subject, name }: Signed,
): Promise<{ readonly name: string; readonly organization: string | undefined }> {
  const known = name ?? subject;
  return await signIn.userInfo(accessToken, subject).then(
    (claims) => ({
      name: textOf(claims.email) ?? textOf(claims.preferred_username) ?? known,
      organization: textOf(claims['urn:zitadel:iam:user:resourceowner:name']),
    }),
    () => ({ name: known, organization: undefined }),
  );
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

interface Entered {
  readonly place: OpenbaoPlace;
  /** Absent where nobody signs in there as a person, or it did not work. */
  readonly role?: string;
  readonly error?: DrawbridgeError;
}

/** Signs in at OpenBao too, where one is set: whoever reads values next is not to wait for it. */
async function enterOpenbao(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<Entered | undefined> {
  const place = await findOpenbao(context, flags);
  if (!place) return undefined;
  const { session, credential, close } = await openOpenbaoSession(context, place, flags);
  try {
    if (credential.as.kind !== 'person') return { place };
    await session.openbao({ mayAsk: false, signal: context.signal });
    const role = (await session.peek())?.role;
    return { place, ...(role === undefined ? {} : { role }) };
  } catch (error) {
    return { place, error: DrawbridgeError.from(error) };
  } finally {
    await close();
  }
}

/** The next command is to find what this one was told; what is found anyway is not kept. */
async function keepPlace(
  { env }: Context,
  { isDev, issuer, clientId, address }: SignInPlace,
  openbao: OpenbaoPlace | undefined,
): Promise<void> {
  if (isDev) return;
  const { person: _person, token: _token, allowInsecure: _insecure, ...store } = openbao ?? {};
  await writeProfile(env, {
    issuer,
    clientId,
    ...(address === undefined ? {} : { address }),
    ...('url' in store ? { openbao: store as OpenbaoProfile } : {}),
  });
}
