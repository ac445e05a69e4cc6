import { type Clock, DrawbridgeError, type ErrorDetails } from '@drawbridge/kit/core';
import type { Openbao } from '@drawbridge/openbao';
import type { OpenbaoCredential, Presented } from './credential.ts';

/** What is known about a sign-in that OpenBao refused. */
export interface RefusedSignIn {
  readonly as: OpenbaoCredential;
  readonly presented: Presented;
  readonly openbao: Openbao;
  readonly authMount: string;
  readonly role: string;
  readonly clock: Clock;
}

/** Clocks that differ by less are no reason for a refusal, in milliseconds. */
const harmlessSkewMs = 20_000;

/** Says of a refused sign-in what a person can do about it. What is no refusal stays as it is. */
export async function explainRefusal(caught: unknown, refused: RefusedSignIn): Promise<DrawbridgeError> {
  const error = DrawbridgeError.from(caught);
  if (error.code !== 'openbao_login_refused') return nameServer(error, refused.openbao.url);
  const saw = error.saw ?? '';
  const isTime = /\((?:exp|nbf|iat)\) claim/.test(saw);
  const words = isTime ? await timeWords(saw, refused) : wordsOf(saw, refused);
  return new DrawbridgeError(error.code, {
    ...words,
    ...(error.where === undefined ? {} : { where: error.where }),
    saw,
    cause: error,
  });
}

/** Says of a failed connection that it was the one to OpenBao, and not to Zitadel. */
export function nameServer(error: DrawbridgeError, url: string): DrawbridgeError {
  const verbs: Readonly<Record<string, string>> = {
    unreachable: 'cannot be reached',
    timeout: 'did not answer in time',
    circuit_open: 'is not called for a moment, since it failed repeatedly',
  };
  const verb = verbs[error.code];
  // A circuit does not say where it is; the caller does.
  const isOpenbao = error.code === 'circuit_open' || error.where?.startsWith(url);
  if (verb === undefined || !isOpenbao) return error;
  return new DrawbridgeError(error.code, {
    message: `OpenBao at ${url} ${verb}.`,
    fix: 'Check OPENBAO_URL, and that the server runs.',
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(error.saw === undefined ? {} : { saw: error.saw }),
    ...(error.why === undefined ? {} : { why: error.why }),
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    cause: error,
  });
}

function wordsOf(saw: string, { as, authMount, role }: RefusedSignIn): ErrorDetails {
  const setup = 'Ask who runs OpenBao to run: drawbridge setup openbao';
  if (as.kind === 'userpass')
    return {
      message: `OpenBao does not know ${as.username} with this password.`,
      fix: 'Check name and password. After five failures OpenBao refuses for a quarter of an hour.',
    };
  if (/role .* could not be found/.test(saw))
    return {
      message: `OpenBao has no role "${role}" at auth/${authMount}.`,
      fix: `Check OPENBAO_JWT_ROLE. ${setup}`,
    };
  if (/could not load configuration/.test(saw))
    return { message: `The sign-in method at auth/${authMount} of OpenBao is not configured.`, fix: setup };
  if (/permission denied/.test(saw))
    return {
      message: `OpenBao has no sign-in method at auth/${authMount}, or it does not take sign-ins from here.`,
      fix: `Check OPENBAO_JWT_AUTH_MOUNT and the namespace. ${setup}`,
    };
  if (/\(aud\) claim|audience/.test(saw))
    return {
      message: `The role "${role}" of OpenBao does not take tokens that were made for this application.`,
      fix: `The role has to be bound to the application's or project's id as audience. ${setup}`,
    };
  if (/\(iss\) claim/.test(saw))
    return { message: 'OpenBao trusts another issuer than the one that you signed in at.', fix: setup };
  if (/claim/.test(saw))
    return {
      message: `You do not have what the role "${role}" of OpenBao asks for.`,
      fix: 'Have the role given to you in Zitadel, then sign in again: drawbridge login',
    };
  if (/signature/.test(saw))
    return {
      message: 'OpenBao cannot verify the token: it does not have the key that Zitadel signed it with.',
      fix: `It fetches keys when it meets a new one; if that does not help, check where it fetches them. ${setup}`,
    };
  return { fix: setup };
}

/** A token whose time is over or has not come: mostly a clock is wrong, and OpenBao tells its own. */
async function timeWords(saw: string, refused: RefusedSignIn): Promise<ErrorDetails> {
  const { openbao, clock, presented } = refused;
  const skewMs = await openbao.system
    .health()
    .then(({ serverTime }) => clock.now() - serverTime.getTime())
    // Whoever cannot tell the time is no reason for another error.
    .catch(() => 0);
  const message = /\(exp\)/.test(saw)
    ? 'OpenBao holds the token for expired.'
    : 'OpenBao holds the token for one of the future.';
  if (Math.abs(skewMs) >= harmlessSkewMs) {
    const seconds = Math.round(Math.abs(skewMs) / 1_000);
    return {
      message,
      why: `This machine's clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} OpenBao's.`,
      fix: 'Set the clocks by NTP: sudo timedatectl set-ntp true',
    };
  }
  const isGoodHere = presented.expiresAt !== undefined && presented.expiresAt > clock.now();
  return {
    message,
    ...(isGoodHere ? { why: "Zitadel's clock and OpenBao's differ by more than the role allows." } : {}),
    fix: 'Set the clocks of both servers by NTP, then sign in again: drawbridge login',
  };
}
