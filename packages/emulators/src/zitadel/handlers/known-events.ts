import { projectedEventTypes } from '../projections/index.ts';

/**
 * Events that upstream has and the emulator never makes, but that an execution may name
 * (internal/repository/*, `eventstore.RegisterFilterEventMapper`).
 */
const otherEventTypes: readonly string[] = [
  ...['selfregistered', 'signed.out', 'avatar.added', 'avatar.removed', 'initialization.code.added'],
  ...['initialization.check.succeeded', 'mfa.init.skipped', 'mfa.otp.added', 'mfa.otp.verified'],
  ...['mfa.otp.removed', 'mfa.otp.check.succeeded', 'mfa.otp.check.failed', 'mfa.u2f.token.added'],
  ...[
    'mfa.u2f.token.verified',
    'mfa.u2f.token.removed',
    'otp.sms.added',
    'otp.sms.removed',
    'otp.email.added',
  ],
  ...['otp.email.removed', 'passwordless.token.added', 'passwordless.token.verified'],
  ...[
    'passwordless.token.removed',
    'externalidp.added',
    'externalidp.removed',
    'externallogin.check.succeeded',
  ],
  ...['externalidp.cascade.removed', 'recoverycodes.added', 'recoverycodes.removed', 'refresh.token.added'],
  ...['refresh.token.removed', 'password.hash.updated', 'invite.check.failed'],
].map((name) => `user.human.${name}`);

const others: readonly string[] = [
  ...['user.domain.claimed', 'user.domain.claimed.sent', 'user.token.added', 'user.token.v2.added'],
  ...['user.token.removed', 'user.machine.secret.check.succeeded', 'user.machine.secret.check.failed'],
  ...['user.metadata.removed.all', 'user.grant.cascade.changed', 'project.application.config.saml.added'],
  ...['project.application.config.saml.changed', 'project.grant.member.cascade.removed'],
  ...['org.idp.config.added', 'org.idp.oauth.added', 'org.idp.oidc.added', 'org.idp.oidc.changed'],
  ...['org.idp.removed', 'org.policy.domain.added', 'org.policy.login.added', 'org.policy.login.changed'],
  ...['instance.idp.oidc.added', 'instance.idp.oidc.changed', 'instance.idp.removed', 'instance.removed'],
  ...['instance.policy.login.changed', 'instance.policy.lockout.changed', 'instance.oidc.settings.added'],
  ...['instance.oidc.settings.changed', 'instance.secret.generator.changed'],
  ...['session.webauthn.checked', 'session.intent.checked', 'session.totp.checked'],
  ...['session.otp.sms.checked', 'session.otp.email.checked', 'session.recovery.code.checked'],
  ...['idpintent.started', 'idpintent.succeeded', 'idpintent.failed', 'idpintent.consumed'],
  ...[
    'auth_request.added',
    'auth_request.session.linked',
    'auth_request.code.added',
    'auth_request.code.exchanged',
  ],
  ...['auth_request.failed', 'auth_request.succeeded', 'device.authorization.added'],
  ...['device.authorization.approved', 'device.authorization.canceled', 'device.authorization.done'],
  ...['saml_request.added', 'saml_session.added', 'web_key.deactivated', 'web_key.removed'],
];

const known: ReadonlySet<string> = new Set([...projectedEventTypes, ...otherEventTypes, ...others]);

/** Whether an execution may name this event. */
export function isKnownEvent(type: string): boolean {
  return known.has(type);
}

/** Whether any event begins with these parts. */
export function isKnownEventGroup(prefix: string): boolean {
  return [...known].some((type) => type.startsWith(`${prefix}.`));
}
