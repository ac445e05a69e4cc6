import { type CallHeaders, checkSignature, type SigningKeys } from '@drawbridge/events';
import { type Clock, DrawbridgeError, type Logger, silentLogger, systemClock } from '@drawbridge/kit';

/** What shows that Zitadel sent a call. */
export interface ProofOptions {
  /** Undefined in development alone: every call is taken then. */
  readonly keys: SigningKeys | undefined;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** @throws {DrawbridgeError} `webhook_refused` */
export type Proof = (body: Uint8Array, headers: CallHeaders) => Promise<void>;

/** Makes the check of `ZITADEL-Signature`, with one look for new keys where none fits. */
export function createProof({ keys, clock = systemClock, logger = silentLogger }: ProofOptions): Proof {
  return async (body, headers) => {
    if (!keys) return;
    const check = async () =>
      checkSignature({
        body,
        header: headers['zitadel-signature'],
        keys: await keys.accepted(),
        now: clock.now(),
      });
    let problem = await check();
    if (problem === 'signature_wrong' && (await refresh(keys, logger))) problem = await check();
    if (problem !== undefined)
      throw new DrawbridgeError('webhook_refused', { message: `The call is not taken: ${problem}.` });
  };
}

/** That the keys cannot be read now makes no forged call better. */
async function refresh(keys: SigningKeys, logger: Logger): Promise<boolean> {
  try {
    return await keys.refresh();
  } catch (err) {
    logger.warn({ component: 'actions-server', err }, 'the signing keys cannot be read');
    return false;
  }
}
