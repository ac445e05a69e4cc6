import type {
  ApiConfig,
  EncryptedValue,
  HumanFields,
  MemberFields,
  MetadataFields,
  OidcConfig,
  OidcLifetimes,
  ProjectFields,
  TargetFields,
  TokenFields,
} from './fields.ts';

type None = Record<never, never>;

/**
 * What each event carries, under the names that Zitadel's own events have (internal/repository/**), since webhooks and
 * ListEvents show them. Secrets are hashes; private keys are kept outside of the log.
 */
export interface EventPayloads {
  'instance.added': { name: string };
  'instance.changed': { name: string };
  'instance.domain.added': { domain: string; generated?: boolean };
  'instance.domain.primary.set': { domain: string };
  'instance.domain.removed': { domain: string };
  'instance.trusted_domain.added': { domain: string };
  'instance.trusted_domain.removed': { domain: string };
  'instance.default.org.set': { orgId: string };
  'instance.iam.project.set': { iamProjectId: string };
  'instance.member.added': MemberFields;
  'instance.member.changed': MemberFields;
  'instance.member.removed': { userId: string };
  'web_key.added': { keyId: string; alg: string; publicKey: string };
  'web_key.activated': None;
  'web_key.deactivated': None;
  'web_key.removed': None;
  'instance.oidc.settings.added': OidcLifetimes;
  'instance.oidc.settings.changed': Partial<OidcLifetimes>;
  'instance.idp.oidc.added': {
    id: string;
    name: string;
    issuer: string;
    clientId: string;
    scopes?: readonly string[];
  };

  'org.added': { name: string };
  'org.changed': { name: string; oldName: string };
  'org.deactivated': None;
  'org.reactivated': None;
  'org.removed': { name: string };
  'org.domain.added': { domain: string };
  'org.domain.verification.added': { domain: string; validationType: number; code: string };
  'org.domain.verified': { domain: string };
  'org.domain.primary.set': { domain: string };
  'org.domain.removed': { domain: string };
  'org.metadata.set': MetadataFields;
  'org.metadata.removed': { key: string };
  'org.member.added': MemberFields;
  'org.member.changed': MemberFields;
  'org.member.removed': { userId: string };

  'user.human.added': HumanFields;
  'user.machine.added': {
    userName: string;
    name: string;
    description?: string;
    accessTokenType?: number;
  };
  'user.username.changed': { userName: string; oldUserName: string };
  'user.human.profile.changed': Partial<
    Pick<HumanFields, 'firstName' | 'lastName' | 'nickName' | 'displayName' | 'preferredLanguage' | 'gender'>
  >;
  'user.human.email.changed': { email: string };
  'user.human.email.verified': None;
  'user.human.email.code.added': { codeHash: string; expiry: number; codeReturned?: boolean };
  'user.human.email.code.sent': None;
  'user.human.email.verification.failed': None;
  'user.human.phone.changed': { phone: string };
  'user.human.phone.removed': None;
  'user.human.phone.verified': None;
  'user.human.phone.code.added': { codeHash: string; expiry: number; codeReturned?: boolean };
  'user.human.phone.code.sent': None;
  'user.human.phone.verification.failed': None;
  'user.human.password.changed': { encodedHash: string; changeRequired: boolean };
  'user.human.password.code.added': { codeHash: string; expiry: number; codeReturned?: boolean };
  'user.human.password.code.sent': None;
  'user.human.password.check.succeeded': None;
  'user.human.password.check.failed': None;
  'user.human.invite.code.added': { codeHash: string; expiry: number; codeReturned?: boolean };
  'user.human.invite.code.sent': None;
  'user.human.invite.check.succeeded': None;
  'user.human.externalidp.added': { idpConfigId: string; userId: string; displayName?: string };
  'user.human.externalidp.removed': { idpConfigId: string; userId: string };
  'user.human.mfa.otp.added': { otpSecret: EncryptedValue };
  'user.human.mfa.otp.verified': None;
  'user.machine.changed': { name?: string; description?: string; accessTokenType?: number };
  'user.machine.key.added': { keyId: string; type: number; expirationDate: string; publicKey: string };
  'user.machine.key.removed': { keyId: string };
  'user.machine.secret.set': { hashedSecret: string };
  'user.machine.secret.removed': None;
  'user.pat.added': { tokenId: string; expiration: string; scopes: readonly string[] };
  'user.pat.removed': { tokenId: string };
  'user.metadata.set': MetadataFields;
  'user.metadata.removed': { key: string };
  'user.deactivated': None;
  'user.reactivated': None;
  'user.locked': None;
  'user.unlocked': None;
  'user.removed': { userName: string };

  'project.added': ProjectFields;
  'project.changed': Partial<ProjectFields>;
  'project.deactivated': None;
  'project.reactivated': None;
  'project.removed': { name: string };
  'project.role.added': { key: string; displayName: string; group?: string };
  'project.role.changed': { key: string; displayName?: string; group?: string };
  'project.role.removed': { key: string };
  'project.grant.added': { grantId: string; grantedOrgId: string; roleKeys: readonly string[] };
  'project.grant.changed': { grantId: string; roleKeys: readonly string[] };
  'project.grant.cascade.changed': { grantId: string; roleKeys: readonly string[] };
  'project.grant.deactivated': { grantId: string };
  'project.grant.reactivated': { grantId: string };
  'project.grant.removed': { grantId: string; grantedOrgId: string };
  'project.member.added': MemberFields;
  'project.member.changed': MemberFields;
  'project.member.removed': { userId: string };
  'project.grant.member.added': MemberFields & { grantId: string };
  'project.grant.member.changed': MemberFields & { grantId: string };
  'project.grant.member.removed': { userId: string; grantId: string };
  'project.application.added': { appId: string; name: string };
  'project.application.changed': { appId: string; name: string };
  'project.application.deactivated': { appId: string };
  'project.application.reactivated': { appId: string };
  'project.application.removed': { appId: string; name: string };
  'project.application.config.oidc.added': OidcConfig & {
    appId: string;
    clientId: string;
    hashedSecret?: string;
  };
  'project.application.config.oidc.changed': Partial<OidcConfig> & { appId: string };
  'project.application.config.oidc.secret.changed': { appId: string; hashedSecret: string };
  'project.application.config.api.added': ApiConfig & {
    appId: string;
    clientId: string;
    hashedSecret?: string;
  };
  'project.application.config.api.changed': ApiConfig & { appId: string };
  'project.application.config.api.secret.changed': { appId: string; hashedSecret: string };
  'project.application.oidc.key.added': {
    appId: string;
    clientId: string;
    keyId: string;
    expirationDate: string;
    publicKey: string;
  };
  'project.application.oidc.key.removed': { keyId: string };

  'user.grant.added': { userId: string; projectId: string; grantId?: string; roleKeys: readonly string[] };
  'user.grant.changed': { userId: string; roleKeys: readonly string[] };
  'user.grant.cascade.changed': { userId: string; roleKeys: readonly string[] };
  'user.grant.deactivated': None;
  'user.grant.reactivated': None;
  'user.grant.removed': { userId: string; projectId: string; grantId?: string };
  'user.grant.cascade.removed': { userId: string; projectId: string; grantId?: string };

  'session.added': { userAgent?: UserAgentFields };
  'session.user.checked': { userID: string; userResourceOwner: string; checkedAt: string };
  'session.password.checked': { checkedAt: string };
  'session.totp.checked': { checkedAt: string };
  'session.token.set': { tokenID: string };
  'session.metadata.set': { metadata: Readonly<Record<string, string>> };
  'session.lifetime.set': { lifetimeMs: number };
  'session.terminated': { triggerOrigin?: string };

  'session_logout.back_channel.registered': {
    oidc_session_id: string;
    user_id: string;
    client_id: string;
    back_channel_logout_uri: string;
  };
  'session_logout.back_channel.sent': { oidc_session_id: string };

  'target.added': TargetFields & { signingKey: EncryptedValue };
  'target.changed': Partial<TargetFields> & { signingKey?: EncryptedValue };
  'target.removed': { name: string };
  'target.key.added': { keyId: string; publicKey: string; fingerprint: string; expiration?: string };
  'target.key.activated': { keyId: string };
  'target.key.deactivated': { keyId: string };
  'target.key.removed': { keyId: string };
  'execution.v2.set': { targets: readonly { type: number; target: string }[] };
  'execution.removed': None;

  'oidc_session.added': TokenFields;
  'oidc_session.access_token.added': { id: string; lifetimeMs: number; scope: readonly string[] };
  'oidc_session.access_token.revoked': None;
  'oidc_session.refresh_token.added': { id: string; lifetimeMs: number; idleLifetimeMs: number };
  'oidc_session.refresh_token.renewed': { id: string; idleLifetimeMs: number };
  'oidc_session.refresh_token.revoked': None;
}

/** The user agent of a session as the login reported it. */
export interface UserAgentFields {
  readonly fingerprintId?: string;
  readonly ip?: string;
  readonly description?: string;
  readonly header?: Readonly<Record<string, readonly string[]>>;
}
