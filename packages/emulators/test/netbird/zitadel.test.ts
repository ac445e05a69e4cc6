import { createNetbirdEmulator } from '@drawbridge/emulators';
import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { emulatorForTests, serviceAccountToken, user } from '../zitadel/support.ts';

const zitadel = emulatorForTests();

it('takes the JWTs of the emulated Zitadel, and none of its opaque tokens', async () => {
  const { userId } = zitadel.emulator.bootstrap.serviceAccountKey;
  const opaque = zitadel.token;
  await zitadel.call(user('UpdateUser'), { userId, machine: { accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' } });
  const token = await serviceAccountToken(zitadel.emulator);
  const audience = [decodeJwt(token).aud ?? []].flat();
  const netbird = createNetbirdEmulator({ tokens: { issuer: zitadel.emulator.issuer, audience } });
  await netbird.start();
  try {
    const signIn = async (bearer: string) =>
      (await fetch(`${netbird.url}/api/users`, { headers: { authorization: `Bearer ${bearer}` } })).status;
    expect(await signIn(opaque)).toBe(401);
    // The person is there from now on, and waits for approval.
    expect(await signIn(token)).toBe(403);
    expect(netbird.events.at(-1)).toMatchObject({ type: 'user.join', target: userId });
  } finally {
    await netbird.stop();
  }
});
