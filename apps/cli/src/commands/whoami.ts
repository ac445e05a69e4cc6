import { DrawbridgeError, type Secret } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import { findOpenbao, requirePlace } from '../places/index.ts';
import { openSession, type PersonSession, payloadOf, requestOf } from '../sign-in/index.ts';
import { openOpenbaoSession } from '../store/index.ts';
import { moment } from '../terminal/index.ts';

/** Who is signed in, as Zitadel says it now. */
interface Identity {
  readonly subject: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly organization: { readonly id: string; readonly name: string } | undefined;
  /** Role → organizations that it is given in. */
  readonly roles: readonly {
    readonly role: string;
    readonly organizationId: string;
    readonly domain: string;
  }[];
}

/** `drawbridge whoami`: the person of this machine, where they are signed in, and until when. */
export async function whoami(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { terminal } = context;
  const place = await requirePlace(context, flags);
  const session = await openSession(context, place);
  try {
    const signed = await session.user.get(requestOf(context));
    const claims = await session.signIn.userInfo(signed.accessToken, signed.subject);
    const identity = read(claims, signed.subject);
    const times = await timesOf(session);
    const openbao = await openbaoOf(context, flags);
    if (terminal.json) {
      const { issuer } = place;
      const schema = 'drawbridge.whoami/v1';
      terminal.document({ schema, issuer, ...identity, session: times, openbao: openbao ?? null });
      return;
    }
    const { name, email, subject, organization, roles } = identity;
    const head = [name, email === name ? undefined : email, `user ${subject}`];
    terminal.answer(head.filter((part) => part !== undefined).join('   '));
    terminal.answer(`  instance   ${place.issuer}`);
    const given = roles.map(({ role, organizationId, domain }) => {
      const isHome = organizationId === organization?.id;
      return `${role} in ${isHome ? `${organization?.name ?? domain} (home)` : domain}`;
    });
    terminal.answer(`  roles      ${given.join(', ') || 'none'}`);
    terminal.answer(`  session    ${describe(times, context.flags.utc === true)}`);
    if (openbao) terminal.answer(`  OpenBao    ${openbao.url}   ${describeOpenbao(openbao)}`);
  } catch (caught) {
    const error = DrawbridgeError.from(caught);
    // What is known here is still worth telling where nobody can be asked.
    if (error.info.exit === 5) await tellKept(context, session);
    throw error;
  } finally {
    await session.close();
  }
}

async function tellKept({ terminal }: Context, { user, place }: PersonSession): Promise<void> {
  const kept = await user.peek();
  if (kept && !terminal.json)
    terminal.note(`${kept.name ?? ''}   user ${kept.subject}, as kept here; ${place.issuer} does not answer`);
}

interface Times {
  /** When the person last proved who they are; Zitadel does not tell always. */
  readonly since: string | undefined;
  readonly accessExpiresAt: string | undefined;
  readonly renews: boolean;
}

async function timesOf(session: PersonSession): Promise<Times> {
  const record = await session.record();
  return {
    since: record?.idToken && authTimeOf(record.idToken),
    accessExpiresAt: record && new Date(record.accessExpiresAt).toISOString(),
    renews: record?.refreshToken !== undefined,
  };
}

/** `auth_time` of a token that was verified when it came. */
function authTimeOf(idToken: Secret): string | undefined {
  const time = payloadOf(idToken)?.auth_time;
  return typeof time === 'number' ? new Date(time * 1_000).toISOString() : undefined;
}

function describe({ since, accessExpiresAt, renews }: Times, utc: boolean): string {
  const began = since === undefined ? [] : [`since ${moment(since, { utc })}`];
  const goesOn = renews
    ? 'renews by itself while it is used'
    : `until ${accessExpiresAt === undefined ? 'it ends' : moment(accessExpiresAt, { utc })}, then drawbridge login again`;
  return [...began, goesOn].join(', ');
}

interface OpenbaoState {
  readonly url: string;
  readonly role: string | undefined;
  readonly expiresAt: string | undefined;
}

/** What is kept here of the session there; nobody is asked. */
async function openbaoOf(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<OpenbaoState | undefined> {
  const found = await findOpenbao(context, flags);
  if (!found) return undefined;
  const { session, close } = await openOpenbaoSession(context, found, flags);
  try {
    const peek = await session.peek();
    const expiresAt = peek?.expiresAt === undefined ? undefined : new Date(peek.expiresAt).toISOString();
    return { url: found.url, role: peek?.role, expiresAt };
  } finally {
    await close();
  }
}

function describeOpenbao({ role, expiresAt }: OpenbaoState): string {
  if (role === undefined) return 'at the next config command';
  if (expiresAt === undefined) return role;
  const minutes = Math.max(1, Math.round((Date.parse(expiresAt) - Date.now()) / 60_000));
  return `${role}, ${minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`} left`;
}

function read(claims: Readonly<Record<string, unknown>>, subject: string): Identity {
  const organizationId = textOf(claims['urn:zitadel:iam:user:resourceowner:id']);
  return {
    subject,
    name: textOf(claims.name) ?? textOf(claims.preferred_username),
    email: textOf(claims.email),
    organization:
      organizationId === undefined
        ? undefined
        : {
            id: organizationId,
            name: textOf(claims['urn:zitadel:iam:user:resourceowner:name']) ?? organizationId,
          },
    roles: rolesOf(claims['urn:zitadel:iam:org:project:roles']),
  };
}

/** Zitadel writes role → organization → domain. */
function rolesOf(claim: unknown): Identity['roles'] {
  if (typeof claim !== 'object' || claim === null) return [];
  return Object.entries(claim).flatMap(([role, places]: [string, unknown]) =>
    Object.entries(typeof places === 'object' && places !== null ? places : {}).map(
      ([organizationId, domain]: [string, unknown]) => ({ role, organizationId, domain: String(domain) }),
    ),
  );
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}
