import { type DescMessage, fromJson, type JsonValue } from '@bufbuild/protobuf';
import * as actions from '@zitadel/node/dist/api/generated/zitadel/action/v2/action_service.js';
import * as applications from '@zitadel/node/dist/api/generated/zitadel/application/v2/application_service.js';
import * as authorizations from '@zitadel/node/dist/api/generated/zitadel/authorization/v2/authorization_service.js';
import * as instances from '@zitadel/node/dist/api/generated/zitadel/instance/v2/instance_service.js';
import * as permissions from '@zitadel/node/dist/api/generated/zitadel/internal_permission/v2/internal_permission_service.js';
import * as projects from '@zitadel/node/dist/api/generated/zitadel/project/v2/project_service.js';
import * as sessions from '@zitadel/node/dist/api/generated/zitadel/session/v2/session_service.js';
import * as users from '@zitadel/node/dist/api/generated/zitadel/user/v2/user_service.js';
import { IdentityProviderService } from '@zitadel/proto/zitadel/idp/v2/idp_service_pb.js';
import { OIDCService } from '@zitadel/proto/zitadel/oidc/v2/oidc_service_pb.js';
import { OrganizationService } from '@zitadel/proto/zitadel/org/v2/org_service_pb.js';
import { SessionService } from '@zitadel/proto/zitadel/session/v2/session_service_pb.js';
import { UserService } from '@zitadel/proto/zitadel/user/v2/user_service_pb.js';

/** A codec that ts-proto made. */
interface Codec {
  fromJSON(json: unknown): unknown;
  toJSON(message: unknown): unknown;
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

const schemas: Record<string, DescMessage> = {};
for (const service of [
  UserService,
  SessionService,
  OrganizationService,
  OIDCService,
  IdentityProviderService,
]) {
  for (const method of service.methods) schemas[`${service.typeName}/${method.name}`] = method.input;
}

const codecs: Record<string, object> = {
  'zitadel.action.v2.ActionService': actions,
  'zitadel.application.v2.ApplicationService': applications,
  'zitadel.internal_permission.v2.InternalPermissionService': permissions,
  'zitadel.session.v2.SessionService': sessions,
  'zitadel.user.v2.UserService': users,
  'zitadel.authorization.v2.AuthorizationService': authorizations,
  'zitadel.instance.v2.InstanceService': instances,
  'zitadel.project.v2.ProjectService': projects,
};

/**
 * Holds a request against the generated code of Zitadel's own packages: strictly by schema where `@zitadel/proto` has the
 * call, else by whether every field survives the trip to bytes and back.
 *
 * @returns what is wrong with it; `unknown call` where neither package knows the method
 */
export function check(method: string, request: unknown): string | undefined {
  const schema = schemas[method];
  const complaint = schema ? checkSchema(schema, request) : 'unknown call';
  if (complaint === undefined) return undefined;
  // `@zitadel/proto` is older than some fields; the other package is older than others.
  const [service = '', name = ''] = method.split('/');
  const codec = (codecs[service] as Record<string, Codec> | undefined)?.[`${name}Request`];
  if (!codec) return complaint;
  const other = checkTrip(codec, request);
  return other && `${complaint}; ${other}`;
}

function checkSchema(schema: DescMessage, request: unknown): string | undefined {
  try {
    fromJson(schema, request as JsonValue, { ignoreUnknownFields: false });
    return undefined;
  } catch (error) {
    return String(error);
  }
}

function checkTrip(codec: Codec, request: unknown): string | undefined {
  const given = durations(request);
  const back = codec.toJSON(codec.decode(codec.encode(codec.fromJSON(given)).finish()));
  const [sent, arrived] = [normal(given), normal(back)].map((value) => JSON.stringify(value));
  return sent === arrived ? undefined : `${sent} arrived as ${arrived}`;
}

/** ts-proto reads a duration as the message it is, not as protojson's text. */
function durations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(durations);
  if (typeof value === 'string' && /^\d+(\.\d+)?s$/.test(value)) {
    const seconds = Number.parseFloat(value);
    const whole = Math.floor(seconds);
    return { seconds: String(whole), nanos: Math.round((seconds - whole) * 1e9) };
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, durations(field)]));
}

/** Sorted keys; without what proto3 leaves out: false, zero, the empty string and the first name of an enum. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === 'string') return value.replace(/(?<=T\d\d:\d\d:\d\d)\.000Z$/, 'Z');
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, field]) => field !== false && field !== 0 && field !== '' && field !== '0')
    .filter(([, field]) => !(typeof field === 'string' && field.endsWith('_UNSPECIFIED')))
    .filter(([, field]) => !(Array.isArray(field) && field.length === 0))
    .map(([key, field]) => [key, normal(field)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
