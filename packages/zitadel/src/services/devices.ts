import type { Secret } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import type { DeviceAuthorizationRequest } from '../wire/index.ts';
import { requireFields, type With } from './reading.ts';

/** A device that waits for somebody's decision. */
export type WaitingDevice = With<DeviceAuthorizationRequest, 'id' | 'clientId'>;

/** The decision side of the device flow, for a login page of one's own. Needs `session.link` (IAM_LOGIN_CLIENT). */
export interface Devices {
  /**
   * Finds what waits under a user code.
   *
   * @param userCode as shown to the person, 9 characters
   * @throws {DrawbridgeError} `zitadel_not_found` for one that is unknown, decided or expired
   */
  find(userCode: string, options?: CallOptions): Promise<WaitingDevice>;
  /** Lets the device in as the user of a session. */
  approve(
    id: string,
    session: { readonly id: string; readonly token: Secret<string> },
    options?: CallOptions,
  ): Promise<void>;
  deny(id: string, options?: CallOptions): Promise<void>;
}

const service = 'zitadel.oidc.v2.OIDCService';

/** Decisions about waiting devices, over an instance's transport. */
export function createDevices(transport: Transport): Devices {
  return {
    async find(userCode, options) {
      const answer = await transport.call(`${service}/GetDeviceAuthorizationRequest`, { userCode }, options);
      return requireFields(answer.deviceAuthorizationRequest, 'a waiting device', 'id', 'clientId');
    },
    async approve(id, session, options) {
      const request = {
        deviceAuthorizationId: id,
        session: { sessionId: session.id, sessionToken: session.token.expose() },
      };
      await transport.call(`${service}/AuthorizeOrDenyDeviceAuthorization`, request, options);
    },
    async deny(id, options) {
      const request = { deviceAuthorizationId: id, deny: {} };
      await transport.call(`${service}/AuthorizeOrDenyDeviceAuthorization`, request, options);
    },
  };
}
