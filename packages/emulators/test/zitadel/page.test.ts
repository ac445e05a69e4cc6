import { afterEach, describe, expect, it } from 'vitest';
import { emulatorForTests, user } from './support.ts';

const { emulator, call, fetch } = emulatorForTests();

afterEach(() => emulator.controls.reset());

const page = async () => (await fetch(`${emulator.issuer}/`)).text();

const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${emulator.issuer}/emulator/page`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: emulator.issuer,
      ...headers,
    },
    body: new URLSearchParams(fields).toString(),
  });

describe('the page', () => {
  it('shows instances, users, mails with their codes, and events, without a script', async () => {
    await call(user('CreateUser'), {
      organizationId: emulator.bootstrap.organizationId,
      username: 'seen',
      human: {
        profile: { givenName: '<b>Mallory</b>', familyName: '"' },
        email: { email: 'seen@example.com', sendCode: { urlTemplate: 'https://app.example/{{.Code}}' } },
      },
    });
    const text = await page();
    const { code } = emulator.mails.at(-1) ?? {};
    expect(text).toContain(emulator.issuer);
    expect(text).toContain('seen@example.com');
    expect(text).toContain(`<td class="code">${code}</td>`);
    expect(text).toContain(`href="https://app.example/${code}"`);
    expect(text).toContain('user.human.added');
    expect(text).toContain('&lt;b&gt;Mallory&lt;/b&gt;');
    expect(text).not.toContain('<b>Mallory');
  });

  it('lets nothing run or load that is not its own', async () => {
    const answer = await fetch(`${emulator.issuer}/`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const text = await answer.text();
    // No script, style or handler within the markup, nothing from elsewhere.
    expect(text).not.toMatch(/<script(?![^>]*src=")|<style| on\w+=| style=/);
    const loaded = [...text.matchAll(/(?:src|stylesheet" href)="([^"]+)"/g)].map(([, path]) => path);
    expect(loaded).toEqual(['/emulator/page.css', '/emulator/page.js']);
    for (const path of loaded) expect((await fetch(emulator.issuer + path)).status).toBe(200);
  });

  it('turns what its form says, and back', async () => {
    const saved = await send({
      do: 'save',
      lagMs: '250',
      latencyMs: '1',
      clockOffsetMs: '-60000',
      loseNext: '2',
      paused: 'on',
      'quirk-packedEventsLost': 'on',
    });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, '/']);
    expect(emulator.controls.get()).toMatchObject({
      lagMs: 250,
      latencyMs: 1,
      clockOffsetMs: -60_000,
      outage: false,
      webhooks: { paused: true, loseNext: 2 },
      quirks: { packedEventsLost: true, freshTargetsSilent: false },
    });
    expect(await page()).toContain('value="250"');
    await send({ do: 'reset' });
    expect(emulator.controls.get()).toMatchObject({ lagMs: 0, quirks: { freshTargetsSilent: true } });
  });

  it('still answers during an outage, so that it can be ended', async () => {
    await send({ do: 'save', outage: 'on' });
    await expect(fetch(`${emulator.issuer}/oauth/v2/keys`)).rejects.toMatchObject({ code: 'unreachable' });
    expect(await page()).toContain('name="outage" type="checkbox" checked');
    await send({ do: 'reset' });
    expect((await fetch(`${emulator.issuer}/oauth/v2/keys`)).status).toBe(200);
  });

  it('refuses what is no number, and other pages', async () => {
    const wrong = await send({ do: 'save', lagMs: 'much' });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('role="alert"');
    expect((await send({ do: 'save' }, { origin: 'https://evil.example' })).status).toBe(403);
    expect(emulator.controls.lagMs).toBe(0);
    expect((await fetch(`${emulator.issuer}/`, { method: 'DELETE' })).status).toBe(405);
  });
});
