import { type Clock, systemClock } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './support/people.ts';
import { type Started, start } from './support/start.ts';

let started: Started;
let people: People;
beforeAll(async () => {
  started = await start();
  people = await peopleOf(started);
  await people.add('ada');
});
afterAll(async () => {
  await people.close();
  await started.stop();
});

/** Time that does not make a test wait: the flow still asks only where it would have slept. */
const hasty: Clock = { now: systemClock.now, sleep: (_ms, signal) => systemClock.sleep(10, signal) };
const signIn = () => people.signIn(hasty);

describe('signing in to the emulated Zitadel', () => {
  it('by device: tokens that are verified, refreshed, asked about and revoked', async () => {
    const cli = signIn();
    let deciding: Promise<void> | undefined;
    const signedIn = await cli.byDevice({
      prompt: ({ userCode }) => {
        deciding = people.decide(userCode, 'ada');
      },
    });
    await deciding;
    expect(signedIn.subject).toBe('ada');
    const { refreshToken } = signedIn;
    if (!refreshToken) throw new Error('no refresh token');
    const refreshed = await cli.refresh(refreshToken, 'ada');
    await expect(cli.userInfo(signedIn.accessToken, 'ada')).rejects.toMatchObject({ code: 'session_ended' });
    expect(await cli.userInfo(refreshed.accessToken, 'ada')).toMatchObject({ sub: 'ada' });
    await expect(cli.refresh(refreshToken, 'ada')).rejects.toMatchObject({ code: 'session_ended' });
    const last = refreshed.refreshToken;
    if (!last) throw new Error('no refresh token');
    await cli.revoke(last, 'refresh_token');
    await expect(cli.refresh(last, 'ada')).rejects.toMatchObject({ code: 'session_ended' });
  });

  it('S22 by device: denied', async () => {
    await expect(
      signIn().byDevice({
        prompt: ({ userCode }) => {
          void people.decide(userCode, 'ada', 'deny');
        },
      }),
    ).rejects.toMatchObject({ code: 'sign_in_denied' });
  });

  it('S27 by a browser of this machine', async () => {
    let browsing: ReturnType<People['browse']> | undefined;
    const cli = people.signIn();
    const signedIn = await cli.byBrowser({
      open: (url) => {
        browsing = people.browse(url, 'ada');
      },
    });
    expect(signedIn.subject).toBe('ada');
    expect(await browsing).toMatchObject({ status: 200, text: expect.stringContaining('You are signed in') });
  });
});
