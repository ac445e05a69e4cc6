import type { Check } from './finding.ts';
import type { InstancePatient } from './patient.ts';

type InstanceCheck = Check<InstancePatient>;

const day = 86_400_000;

/** The key has not ended, and does not soon. */
export const keyCheck: InstanceCheck = {
  name: 'key',
  needs: [],
  async run({ loadKey, now, keyPlace }) {
    const { expiresAt, keyId } = await loadKey();
    if (expiresAt === undefined) return { state: 'ok', text: `${keyId}, without an end` };
    const days = Math.floor((expiresAt - now()) / day);
    if (days < 0) {
      return {
        state: 'fail',
        text: `${keyId} ended ${-days} day${days === -1 ? '' : 's'} ago`,
        means: 'Zitadel refuses it',
        fix: `create a new key for the service account and put it at ${keyPlace}`,
      };
    }
    if (days < 14) {
      return {
        state: 'warn',
        text: `${keyId} ends in ${days} day${days === 1 ? '' : 's'}`,
        means: 'provisioning and sync stop then',
        fix: `create a new key for the service account and put it at ${keyPlace}`,
      };
    }
    return { state: 'ok', text: `${keyId}, ${days} days left` };
  },
};

/** Zitadel gives a token for the key. */
export const tokenCheck: InstanceCheck = {
  name: 'token',
  needs: ['issuer', 'clock', 'key'],
  async run({ zitadel, signal }) {
    await (await zitadel()).token.get({ signal });
    return { state: 'ok', text: 'Zitadel gives a token for the key' };
  },
};

/** This Zitadel is new enough. */
export const versionCheck: InstanceCheck = {
  name: 'version',
  needs: ['token'],
  async run({ zitadel, signal }) {
    const { version } = await (await zitadel()).probe({ signal });
    // An account without iam.read is not told the number; the probe then looked at what the instance offers.
    return {
      state: 'ok',
      text: version === undefined ? 'Zitadel offers what is needed' : `Zitadel ${version}`,
    };
  },
};
