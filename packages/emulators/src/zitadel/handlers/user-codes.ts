import { hashSecret, newCode } from '../crypto.ts';
import { lifetimes } from '../kernel.ts';
import { renderUrl, type SentMail } from '../mails.ts';
import type { AnyDraft } from '../store/index.ts';
import type { Call } from './call.ts';
import type { Verification } from './user-fields.ts';

/** Codes by what they are for. */
const kinds = {
  email: { mail: 'email-verification', lifetime: lifetimes.emailCode },
  phone: { mail: 'phone-verification', lifetime: lifetimes.emailCode },
  invite: { mail: 'invite', lifetime: lifetimes.inviteCode },
  password: { mail: 'password-reset', lifetime: lifetimes.passwordCode },
} as const satisfies Record<string, { mail: SentMail['kind']; lifetime: number }>;

/** What came of a code: events to append, the code where it is to be returned, the mail where it is to be sent. */
export interface CodeOutcome {
  readonly drafts: readonly AnyDraft[];
  readonly returned: string | undefined;
  /** Records the mail; called once the events are in the log. */
  readonly send: () => void;
}

/** Whose code it is and where it goes. */
export interface CodeTarget {
  readonly userId: string;
  readonly organizationId: string;
  readonly to: string;
}

const nothing: CodeOutcome = { drafts: [], returned: undefined, send: () => undefined };

/**
 * Makes a code as the verification asks: one mail for a sent code, none for a returned one, no code at all for
 * `is_verified: false`. Codes are kept as hashes.
 */
export function codeFor(
  call: Call,
  kind: keyof typeof kinds,
  target: CodeTarget,
  verification: Verification,
): CodeOutcome {
  if (verification.kind === 'verified' || verification.kind === 'unverified') return nothing;
  const code = newCode();
  const returned = verification.kind === 'return';
  const { mail, lifetime } = kinds[kind];
  const of = {
    aggregateType: 'user',
    aggregateId: target.userId,
    resourceOwner: target.organizationId,
  } as const;
  const payload = {
    codeHash: hashSecret(code),
    expiry: lifetime,
    ...(returned ? { codeReturned: true } : {}),
  };
  const added: AnyDraft = { ...of, type: `user.human.${kind}.code.added`, payload };
  if (returned) return { drafts: [added], returned: code, send: () => undefined };
  const sent: AnyDraft = { ...of, type: `user.human.${kind}.code.sent`, payload: {} };
  const values = { UserID: target.userId, OrgID: target.organizationId, Code: code };
  return {
    drafts: [added, sent],
    returned: undefined,
    send: () =>
      call.kernel.recordMail({
        kind: mail,
        userId: target.userId,
        to: target.to,
        code,
        url: renderUrl(verification.urlTemplate, values),
      }),
  };
}
