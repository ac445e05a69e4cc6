/** A device that waits for a person's decision. @see proto/zitadel/oidc/v2/oidc_service.proto */
export interface DeviceAuthorizationRequest {
  id?: string;
  clientId?: string;
  scope?: readonly string[];
  appName?: string;
  projectName?: string;
}

/** What GetDeviceAuthorizationRequest takes: the code as shown to the person, exactly 9 characters. */
export interface GetDeviceAuthorizationRequestRequest {
  userCode: string;
}

/** What GetDeviceAuthorizationRequest answers. */
export interface GetDeviceAuthorizationRequestResponse {
  deviceAuthorizationRequest?: DeviceAuthorizationRequest;
}

/** What AuthorizeOrDenyDeviceAuthorization takes; exactly one of the decisions is set. */
export interface AuthorizeOrDenyDeviceAuthorizationRequest {
  deviceAuthorizationId: string;
  session?: { sessionId: string; sessionToken: string };
  deny?: Record<string, never>;
}
