import type { PersonSession as Signed } from '@drawbridge/zitadel';
import type { Context } from '../context.ts';
import {
  askPerson,
  openSession,
  type PersonSession,
  requestOf,
  requirePlace,
  type SignInPlace,
  writeProfile,
} from '../sign-in/index.ts';
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
      ...askPerson(context, given),
      idToken: true,
      again,
      switchUser: given.switch ?? false,
    });
    const { name, organization } = await whoIs(session, signed);
    await keepPlace(context, place);
    if (terminal.json) {
      const { subject, issuer } = signed;
      terminal.event('result', { issuer, subject, name, organization });
      return;
    }
    const where = organization === undefined ? '' : ` (${organization})`;
    terminal.answer(terminal.sign('ok', `Signed in as ${name}${where}.`));
    if (!before) for (const line of wrap(session.kept)) terminal.note(`  ${line}`);
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

/** The next command is to find what this one was told; what is found anyway is not kept. */
async function keepPlace({ env }: Context, { isDev, issuer, clientId, address }: SignInPlace): Promise<void> {
  if (isDev) return;
  await writeProfile(env, { issuer, clientId, ...(address === undefined ? {} : { address }) });
}
