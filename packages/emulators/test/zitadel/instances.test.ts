import { createZitadelEmulator } from '@drawbridge/emulators';
import { createHttpClient } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, serviceAccountToken, user } from './support.ts';

const emulator = createZitadelEmulator({ instances: [{ domain: 'second.example' }] });

beforeAll(() => emulator.start());
afterAll(() => emulator.stop());

describe('several instances on one port', () => {
  it('are told apart by the host, and share nothing but the controls', async () => {
    const [first, second] = emulator.instances;
    if (!first || !second) throw new Error('there are two');
    expect(first.issuer).toBe(emulator.issuer);
    const { port } = new URL(emulator.issuer);
    expect(second.issuer).toBe(`http://second.example:${port}`);
    expect(second.bootstrap.instanceId).not.toBe(first.bootstrap.instanceId);
    const http = createHttpClient({ addresses: { [second.issuer]: `127.0.0.1:${port}` } });
    try {
      const answer = await http.fetch(`${second.issuer}/.well-known/openid-configuration`);
      expect(await answer.json()).toMatchObject({ issuer: second.issuer });
      const foreign = await serviceAccountToken(emulator);
      const refused = await post(http.fetch, `${second.issuer}/${user('ListUsers')}`, {}, foreign);
      expect(refused.status).toBe(401);
      emulator.controls.fail({ match: '/oauth/v2/keys', times: 2 });
      for (const { issuer } of emulator.instances) {
        expect((await http.fetch(`${issuer}/oauth/v2/keys`)).status).toBe(503);
      }
    } finally {
      await http.close();
    }
  });

  it('are refused a host that none of them has', async () => {
    const http = createHttpClient({
      addresses: { 'http://third.example': new URL(emulator.issuer).host },
    });
    const answer = await http.fetch('http://third.example/oauth/v2/keys');
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('QUERY-1kIjX')]);
    await http.close();
  });

  it('cannot have one domain twice', async () => {
    const twice = createZitadelEmulator({ instances: [{ domain: 'localhost' }] });
    await expect(twice.start()).rejects.toMatchObject({ code: 'invalid_settings' });
  });
});
