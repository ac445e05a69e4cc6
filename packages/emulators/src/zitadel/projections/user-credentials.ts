import type { EventPayloads, StoredEvent } from '../store/index.ts';
import type { HumanRow, PendingCode } from './records.ts';
import type { Reducers } from './reducers.ts';
import { clearPasswordFactor } from './sessions.ts';
import { changeHuman, changeUser } from './users.ts';

type Types =
  | Extract<keyof EventPayloads, `user.human.email.${string}`>
  | Extract<keyof EventPayloads, `user.human.phone.${string}`>
  | Extract<keyof EventPayloads, `user.human.password.${string}`>
  | Extract<keyof EventPayloads, `user.human.invite.${string}`>
  | Extract<keyof EventPayloads, `user.human.mfa.${string}`>
  | Extract<keyof EventPayloads, `user.human.externalidp.${string}`>
  | Extract<keyof EventPayloads, `user.machine.key.${string}`>
  | Extract<keyof EventPayloads, `user.machine.secret.${string}`>
  | Extract<keyof EventPayloads, `user.pat.${string}`>;

function pending(event: StoredEvent<'user.human.email.code.added'>): PendingCode {
  return { hash: event.payload.codeHash, expiresAt: event.createdAt + event.payload.expiry };
}

function verifiedEmail(human: HumanRow): void {
  human.emailVerified = true;
  human.emailCode = undefined;
}

/** An event that changes nothing that is ever read. */
const unseen = (): void => undefined;

/** Mail addresses, phones, codes, passwords, keys, secrets and personal access tokens of users. */
export const userCredentialReducers: Reducers<Types> = {
  'user.human.email.changed': (state, event) =>
    changeHuman(state, event, (human) => {
      human.email = event.payload.email;
      human.emailVerified = false;
      human.emailCode = undefined;
    }),
  'user.human.email.verified': (state, event) => changeHuman(state, event, verifiedEmail),
  'user.human.email.code.added': (state, event) =>
    changeHuman(state, event, (human) => {
      human.emailCode = pending(event);
    }),
  'user.human.email.code.sent': unseen,
  'user.human.email.verification.failed': unseen,
  'user.human.phone.changed': (state, event) =>
    changeHuman(state, event, (human) => {
      human.phone = event.payload.phone;
      human.phoneVerified = false;
      human.phoneCode = undefined;
    }),
  'user.human.phone.removed': (state, event) =>
    changeHuman(state, event, (human) => {
      human.phone = '';
      human.phoneVerified = false;
      human.phoneCode = undefined;
    }),
  'user.human.phone.verified': (state, event) =>
    changeHuman(state, event, (human) => {
      human.phoneVerified = true;
      human.phoneCode = undefined;
    }),
  'user.human.phone.code.added': (state, event) =>
    changeHuman(state, event, (human) => {
      human.phoneCode = { hash: event.payload.codeHash, expiresAt: event.createdAt + event.payload.expiry };
    }),
  'user.human.phone.code.sent': unseen,
  'user.human.phone.verification.failed': unseen,
  'user.human.password.changed': (state, event) => {
    changeHuman(state, event, (human) => {
      human.passwordHash = event.payload.encodedHash;
      human.passwordChangeRequired = event.payload.changeRequired;
      human.passwordChangedAt = event.createdAt;
      human.passwordCode = undefined;
      human.failedPasswordChecks = 0;
    });
    clearPasswordFactor(state, event.aggregateId);
  },
  'user.human.password.code.added': (state, event) =>
    changeHuman(state, event, (human) => {
      human.passwordCode = {
        hash: event.payload.codeHash,
        expiresAt: event.createdAt + event.payload.expiry,
      };
    }),
  'user.human.password.code.sent': unseen,
  'user.human.password.check.succeeded': (state, event) => {
    const human = state.users.get(event.aggregateId)?.human;
    if (human) human.failedPasswordChecks = 0;
  },
  'user.human.password.check.failed': (state, event) => {
    const human = state.users.get(event.aggregateId)?.human;
    if (human) human.failedPasswordChecks++;
  },
  'user.human.invite.code.added': (state, event) =>
    changeHuman(state, event, (human) => {
      human.inviteCode = { hash: event.payload.codeHash, expiresAt: event.createdAt + event.payload.expiry };
    }),
  'user.human.invite.code.sent': unseen,
  'user.human.invite.check.succeeded': (state, event) =>
    changeHuman(state, event, (human) => {
      human.inviteCode = undefined;
    }),
  'user.human.mfa.otp.added': (state, event) =>
    changeHuman(state, event, (human) => {
      human.totp = { secret: event.payload.otpSecret.Crypted, verified: false };
    }),
  'user.human.mfa.otp.verified': (state, event) =>
    changeHuman(state, event, (human) => {
      if (human.totp) human.totp = { ...human.totp, verified: true };
    }),
  'user.human.externalidp.added': (state, event) => {
    const { idpConfigId: idpId, userId: externalId, displayName = '' } = event.payload;
    const links = state.idpLinks.get(event.aggregateId) ?? [];
    state.idpLinks.set(event.aggregateId, [...links, { idpId, externalId, name: displayName }]);
  },
  'user.human.externalidp.removed': (state, event) => {
    const { idpConfigId, userId } = event.payload;
    const links = state.idpLinks.get(event.aggregateId) ?? [];
    state.idpLinks.set(
      event.aggregateId,
      links.filter((link) => link.idpId !== idpConfigId || link.externalId !== userId),
    );
  },
  'user.machine.key.added': (state, event) => {
    const { keyId, expirationDate, publicKey } = event.payload;
    state.keys.set(keyId, {
      id: keyId,
      subject: event.aggregateId,
      applicationId: undefined,
      organizationId: event.resourceOwner,
      createdAt: event.createdAt,
      expiresAt: Date.parse(expirationDate),
      publicKey,
    });
  },
  'user.machine.key.removed': (state, event) => {
    state.keys.delete(event.payload.keyId);
  },
  'user.machine.secret.set': (state, event) =>
    changeUser(state, event, (row) => {
      if (row.machine) row.machine.secretHash = event.payload.hashedSecret;
    }),
  'user.machine.secret.removed': (state, event) =>
    changeUser(state, event, (row) => {
      if (row.machine) row.machine.secretHash = '';
    }),
  'user.pat.added': (state, event) => {
    const { tokenId, expiration, scopes } = event.payload;
    state.pats.set(tokenId, {
      id: tokenId,
      userId: event.aggregateId,
      organizationId: event.resourceOwner,
      createdAt: event.createdAt,
      expiresAt: Date.parse(expiration),
      scopes,
    });
  },
  'user.pat.removed': (state, event) => {
    state.pats.delete(event.payload.tokenId);
  },
};
