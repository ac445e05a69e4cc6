import { createNetbirdEmulator } from '@drawbridge/emulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const emulator = createNetbirdEmulator({
  settings: { extra: { peer_approval_enabled: false, user_approval_required: false } },
});
beforeAll(() => emulator.start());
afterAll(() => emulator.stop());

const page = async () => (await fetch(`${emulator.url}/`)).text();
const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${emulator.url}/emulator/page`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: emulator.url, ...headers },
    body: new URLSearchParams(fields),
  });

describe('the page', () => {
  it('signs somebody in, who appears, and connects a device', async () => {
    const person = { sub: '81', email: 'eve@x.example', name: '<b>Eve</b> X' };
    expect((await send({ do: 'sign-in', ...person })).status).toBe(303);
    expect(await page()).toContain('&lt;b&gt;Eve&lt;/b&gt; X');
    expect(await page()).not.toContain('<b>Eve');
    expect((await send({ do: 'device', sub: '81', device: 'eves-laptop' })).status).toBe(303);
    const text = await page();
    expect(text).toContain('eves-laptop');
    expect(text).toContain('peer.user.add');
    expect(text).not.toContain(emulator.bootstrap.token.expose());
  });

  it('makes trouble and ends it', async () => {
    await send({ do: 'save', latencyMs: '5', rateLimit: 'on' });
    expect(emulator.controls.get()).toMatchObject({ latencyMs: 5, rateLimit: { perMinute: 6, burst: 500 } });
    await send({ do: 'save', latencyMs: '0', outage: 'on' });
    await expect(fetch(`${emulator.url}/api/groups`)).rejects.toThrow();
    expect(await page()).toContain('name="outage" type="checkbox" checked');
    await send({ do: 'reset' });
    expect((await fetch(`${emulator.url}/api/instance`)).status).toBe(200);
  });

  it('says what is wrong, and listens to no other page', async () => {
    const wrong = await send({ do: 'save', latencyMs: 'much' });
    expect([wrong.status, (await wrong.text()).includes('role="alert"')]).toEqual([400, true]);
    expect((await send({ do: 'sign-in', sub: '' })).status).toBe(400);
    expect((await send({ do: 'reset' }, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await fetch(`${emulator.url}/`, { method: 'DELETE' })).status).toBe(405);
  });

  it('lets nothing run or load that is not its own', async () => {
    const answer = await fetch(`${emulator.url}/`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await answer.text();
    expect(text).not.toMatch(/<script(?![^>]*src=")|<style| on\w+=| style=/);
    for (const path of ['/emulator/page.css', '/emulator/page.js'])
      expect((await fetch(emulator.url + path)).status).toBe(200);
  });
});
