import type { DoctorCheck } from './patient.ts';

/** NetBird takes the token, and it may do what provisioning needs. */
export const netbirdCheck: DoctorCheck = {
  name: 'netbird',
  needs: [],
  async run({ netbird, signal }) {
    if (!netbird) return { state: 'skip', text: 'no NetBird is set (DRAWBRIDGE_NETBIRD_URL)' };
    const { mayManageUsers, role } = await (await netbird()).probe({ signal });
    if (mayManageUsers === false) {
      return {
        state: 'fail',
        text: `the token of NetBird is of a ${role ?? 'user'}, and may not change users`,
        means: 'nobody gets groups in NetBird, and nobody is blocked there',
        fix: 'make its service user admin in NetBird, under Team, Service Users',
      };
    }
    return {
      state: 'ok',
      text: `NetBird takes the token${role === undefined ? '' : `, of a service user with role ${role}`}`,
    };
  },
};
