import type { DescMethod, DescService } from '@bufbuild/protobuf';

/** Where each service is described; loaded when it is first called, since descriptors take long to load. */
const services: Readonly<Record<string, () => Promise<DescService>>> = {
  'zitadel.user.v2.UserService': () =>
    import('@zitadel/proto/zitadel/user/v2/user_service_pb.js').then((m) => m.UserService),
  'zitadel.session.v2.SessionService': () =>
    import('@zitadel/proto/zitadel/session/v2/session_service_pb.js').then((m) => m.SessionService),
  'zitadel.org.v2.OrganizationService': () =>
    import('@zitadel/proto/zitadel/org/v2/org_service_pb.js').then((m) => m.OrganizationService),
  'zitadel.oidc.v2.OIDCService': () =>
    import('@zitadel/proto/zitadel/oidc/v2/oidc_service_pb.js').then((m) => m.OIDCService),
  'zitadel.idp.v2.IdentityProviderService': () =>
    import('@zitadel/proto/zitadel/idp/v2/idp_service_pb.js').then((m) => m.IdentityProviderService),
  'zitadel.settings.v2.SettingsService': () =>
    import('@zitadel/proto/zitadel/settings/v2/settings_service_pb.js').then((m) => m.SettingsService),
  'zitadel.webkey.v2.WebKeyService': () =>
    import('@zitadel/proto/zitadel/webkey/v2/webkey_service_pb.js').then((m) => m.WebKeyService),
  'zitadel.admin.v1.AdminService': () =>
    import('@zitadel/proto/zitadel/admin_pb.js').then((m) => m.AdminService),
};

/** The descriptor of a unary method such as `zitadel.user.v2.UserService/CreateUser`. */
export async function findMethod(procedure: string): Promise<DescMethod | undefined> {
  const [service = '', name] = procedure.split('/');
  const load = Object.hasOwn(services, service) ? services[service] : undefined;
  return (await load?.())?.methods.find((method) => method.name === name && method.methodKind === 'unary');
}
