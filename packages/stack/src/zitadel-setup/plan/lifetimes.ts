import type { TokenLifetimes } from '@drawbridge/zitadel';
import { comparePart, type Planning } from './planning.ts';
import { lengthOf } from './targets.ts';

/** What Zitadel does while nothing was set, in milliseconds (cmd/defaults.yaml, `OIDC`). */
const defaults: TokenLifetimes = {
  accessTokenMs: 12 * 3_600_000,
  idTokenMs: 12 * 3_600_000,
  refreshIdleMs: 30 * 86_400_000,
  refreshMs: 90 * 86_400_000,
};

/** How long tokens of the whole instance live. @returns what will hold */
export function planLifetimes(planning: Planning): TokenLifetimes {
  const { accessToken, idToken, refreshIdle, refresh } = planning.wish.lifetimes;
  const wanted = {
    ...(accessToken === undefined ? {} : { accessTokenMs: lengthOf(accessToken) }),
    ...(idToken === undefined ? {} : { idTokenMs: lengthOf(idToken) }),
    ...(refreshIdle === undefined ? {} : { refreshIdleMs: lengthOf(refreshIdle) }),
    ...(refresh === undefined ? {} : { refreshMs: lengthOf(refresh) }),
  };
  const present = planning.reading.lifetimes ?? defaults;
  comparePart(planning, {
    title: 'token lifetimes of the instance',
    present: { ...present },
    wanted,
    async make({ zitadel, call }) {
      await zitadel.oidcSettings.set({ ...present, ...wanted }, call);
    },
  });
  return { ...present, ...wanted };
}
