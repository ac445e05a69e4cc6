import { DrawbridgeError } from '@drawbridge/kit';
import type { Finding } from '@drawbridge/zitadel';
import type { DoctorCheck } from './patient.ts';

const notSet: Finding = { state: 'skip', text: 'no OpenBao is set (OPENBAO_URL)' };

/** OpenBao answers, is unsealed and active. */
export const openbaoCheck: DoctorCheck = {
  name: 'openbao',
  needs: [],
  async run({ openbao, signal }) {
    if (!openbao) return notSet;
    // A sealed server, a standby and one that was never initialized are errors with advice of their own.
    const { version } = await openbao.client.system.requireActive({ signal });
    return { state: 'ok', text: `OpenBao ${version} is unsealed and active` };
  },
};

const setUp = 'drawbridge setup openbao';

/** The JWT method knows the issuer, and the role is bound to what tokens are for. */
export const openbaoRoleCheck: DoctorCheck = {
  name: 'openbao role',
  needs: ['openbao', 'issuer'],
  async run({ openbao, issuer, signal }) {
    if (!openbao) return notSet;
    if (!openbao.hasToken)
      return { state: 'skip', text: 'the method and role of OpenBao are read with a token (OPENBAO_TOKEN)' };
    const { mount, role: roleName } = openbao;
    const method = openbao.client.jwt(mount);
    const config = await method.readConfig({ signal }).catch((error: unknown) => {
      const code = error instanceof DrawbridgeError ? error.code : undefined;
      if (code === 'openbao_missing_mount') return undefined;
      // What people have a token for is their values, and nothing else.
      if (code === 'openbao_denied') return 'denied';
      throw error;
    });
    if (config === 'denied')
      return { state: 'skip', text: 'the token may not read the method and role of OpenBao' };
    if (!config) {
      return {
        state: 'fail',
        text: `auth/${mount} is not set up`,
        means: 'nobody can sign in at OpenBao with Zitadel',
        fix: setUp,
      };
    }
    if (config.bound_issuer !== issuer) {
      return {
        state: 'fail',
        text: `auth/${mount} takes tokens of ${config.bound_issuer || 'any issuer'}, not of ${issuer}`,
        means: config.bound_issuer
          ? 'every sign-in is refused: "invalid issuer (iss) claim"'
          : 'OpenBao looks at iss only where bound_issuer is set',
        fix: `${setUp} --issuer ${issuer}`,
      };
    }
    const role = await method.readRole(roleName, { signal });
    if (!role) {
      return {
        state: 'fail',
        text: `auth/${mount} has no role ${roleName}`,
        means: 'nobody can sign in at OpenBao with Zitadel',
        fix: `${setUp} --role ${roleName}`,
      };
    }
    if ((role.bound_audiences ?? []).length === 0) {
      return {
        state: 'fail',
        text: `role ${roleName} is bound to no audience`,
        means:
          "Zitadel's tokens have one, and OpenBao refuses each token with an audience that the role does not name",
        fix: `${setUp} --role ${roleName} --audience PROJECT`,
      };
    }
    return { state: 'ok', text: `auth/${mount} knows the issuer; role ${roleName} is there` };
  },
};

/** A sign-in as people make it. The token that it gives is given back at once. */
export const openbaoLoginCheck: DoctorCheck = {
  name: 'openbao login',
  // A machine signs in with a token of its own, and a person's clock is this one too.
  needs: ['openbao', 'openbao role', 'token'],
  async run({ openbao, signal }) {
    if (!openbao) return notSet;
    const jwt = await openbao.jwt(signal);
    if (!jwt)
      return {
        state: 'skip',
        text: 'nobody is signed in whom OpenBao could take (drawbridge login)',
      };
    if (jwt.expose().split('.').length !== 3)
      return { state: 'skip', text: 'tokens of the service account are opaque; OpenBao takes JWTs alone' };
    const { mount, role, client } = openbao;
    try {
      const login = await client.jwt(mount).login({ jwt, role }, { signal });
      await client.as({ token: login.token }).tokens.revokeSelf({ signal });
      return { state: 'ok', text: `signs in as ${role}: ${login.policies.join(', ')}` };
    } catch (error) {
      if (!(error instanceof DrawbridgeError) || error.code !== 'openbao_login_refused') throw error;
      return {
        state: 'fail',
        text: `OpenBao refuses a sign-in as ${role}`,
        means: error.saw ?? error.message,
        fix: adviceFor(error.saw ?? '', role),
      };
    }
  },
};

/** OpenBao's own words tell which of its settings does not fit. */
function adviceFor(saw: string, role: string): string {
  if (/audience/.test(saw))
    return `${setUp} --role ${role} --audience with the project or application of the token`;
  if (/expir|not before|issued at/.test(saw))
    return 'sudo timedatectl set-ntp true, and the same on the machine of OpenBao';
  if (/claim/.test(saw))
    return 'give the person the role in Zitadel that the role of OpenBao wants, then sign in again';
  return `${setUp} --role ${role}`;
}
