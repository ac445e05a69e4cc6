import type { DeviceRequest } from '../device-requests.ts';
import { failedPrecondition, notFound, permissionDenied } from '../errors.ts';
import { invalid } from '../wire/index.ts';
import type { Handler } from './call.ts';

/** GetDeviceAuthorizationRequest: what a login shows of a waiting device (internal/api/grpc/oidc/v2/oidc.go). */
export const getDeviceAuthorizationRequest: Handler = (call, input) => {
  const userCode = input.string('userCode', { min: 9, max: 9 });
  call.require('session.link', '');
  const request = call.kernel.devices.pending(userCode, call.kernel.now());
  if (!request) throw notFound('QUERY-Sah9a', 'Errors.DeviceAuth.NotFound');
  const app = call.fresh.clients.get(request.clientId);
  return {
    deviceAuthorizationRequest: {
      id: request.id,
      clientId: request.clientId,
      scope: request.scope,
      appName: app?.name,
      projectName: call.fresh.projects.get(app?.projectId ?? '')?.name,
    },
  };
};

/** AuthorizeOrDenyDeviceAuthorization: with a session and its token, or `deny` (internal/command/device_auth.go). */
export const authorizeOrDenyDevice: Handler = (call, input) => {
  const id = input.id('deviceAuthorizationId');
  const session = input.message('session');
  if (!session && !input.has('deny')) throw invalid('decision', 'value is required');
  call.require('session.link', '');
  const request = call.kernel.devices.byId(id);
  if (!request) throw notFound('COMMAND-D2hf2', 'Errors.DeviceAuth.NotFound');
  if (request.decision || request.expiresAt <= call.kernel.now()) {
    throw failedPrecondition('COMMAND-D30Jf', 'Errors.DeviceAuth.AlreadyHandled');
  }
  if (session) approve(call, request, session.id('sessionId'), session.id('sessionToken'));
  else request.decision = { kind: 'denied' };
  return {};
};

function approve(
  call: Parameters<Handler>[0],
  request: DeviceRequest,
  sessionId: string,
  token: string,
): void {
  const session = call.fresh.sessions.get(sessionId);
  if (!session || call.kernel.tokens.open(token) !== `sess_${session.id}:${session.tokenId}`) {
    throw permissionDenied('COMMAND-sGr42', 'Errors.Session.Token.Invalid');
  }
  if (session.userId === '') throw failedPrecondition('COMMAND-Sfw3f', 'Errors.User.UserIDMissing');
  const authTime = Math.max(session.userCheckedAt, session.passwordCheckedAt);
  request.decision = { kind: 'approved', userId: session.userId, sessionId, authTime };
}
