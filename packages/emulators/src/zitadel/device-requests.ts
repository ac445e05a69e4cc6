import { randomBytes, randomInt } from 'node:crypto';

/** A device that waits to be let in. */
export interface DeviceRequest {
  readonly id: string;
  /** Held by the device; never shown. */
  readonly deviceCode: string;
  /** Typed by a person: `XXXX-XXXX`. */
  readonly userCode: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  readonly expiresAt: number;
  decision: DeviceDecision | undefined;
  /** Set once its tokens were fetched. */
  redeemed: boolean;
}

/** What the person decided. */
export type DeviceDecision =
  | { readonly kind: 'denied' }
  | {
      readonly kind: 'approved';
      readonly userId: string;
      readonly sessionId: string;
      readonly authTime: number;
    };

/** How long a request lives and how often it may be polled (cmd/defaults.yaml, `OIDC.DeviceAuth`). */
export const deviceLifetimeMs = 300_000;
export const devicePollSeconds = 5;

const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';

/**
 * Devices that wait. Like sign-ins under way they live for minutes and are not events; polling faster than told is never
 * punished (internal/api/oidc/token_device.go).
 */
export class DeviceRequests {
  readonly #byDeviceCode = new Map<string, DeviceRequest>();

  begin(id: string, clientId: string, scope: readonly string[], now: number): DeviceRequest {
    for (const old of this.#byDeviceCode.values()) {
      // Kept a while beyond their end, so that a late poll is told `expired_token`.
      if (old.expiresAt + deviceLifetimeMs > now) break;
      this.#byDeviceCode.delete(old.deviceCode);
    }
    const request: DeviceRequest = {
      id,
      deviceCode: randomBytes(16).toString('base64url'),
      userCode: `${letters(4)}-${letters(4)}`,
      clientId,
      scope,
      expiresAt: now + deviceLifetimeMs,
      decision: undefined,
      redeemed: false,
    };
    this.#byDeviceCode.set(request.deviceCode, request);
    return request;
  }

  /** The request of a device, dead or alive, unless its tokens were fetched: its code works once. */
  find(deviceCode: string): DeviceRequest | undefined {
    const request = this.#byDeviceCode.get(deviceCode);
    return request?.redeemed ? undefined : request;
  }

  redeem(request: DeviceRequest): void {
    request.redeemed = true;
  }

  /** A request that still waits, by what the person typed. */
  pending(userCode: string, now: number): DeviceRequest | undefined {
    return this.#first(
      (request) => request.userCode === userCode && !request.decision && request.expiresAt > now,
    );
  }

  /** A request by its id, decided or not. */
  byId(id: string): DeviceRequest | undefined {
    return this.#first((request) => request.id === id);
  }

  #first(matches: (request: DeviceRequest) => boolean): DeviceRequest | undefined {
    for (const request of this.#byDeviceCode.values()) if (matches(request)) return request;
    return undefined;
  }
}

function letters(count: number): string {
  let text = '';
  for (let at = 0; at < count; at++) text += alphabet.charAt(randomInt(alphabet.length));
  return text;
}
