import { DrawbridgeError, ManualClock } from '@drawbridge/kit';
import type { FoundIdentityProvider } from '@drawbridge/zitadel';
import { describe, expect, it } from 'vitest';
import { createProviderNames } from '../../src/actions/users/index.ts';
import { parseProviderNames } from '../../src/index.ts';

const { signal } = new AbortController();

function zitadelWith(answers: Readonly<Record<string, Partial<FoundIdentityProvider> | DrawbridgeError>>) {
  const asked: string[] = [];
  return {
    asked,
    get: async (id: string): Promise<FoundIdentityProvider> => {
      asked.push(id);
      const answer = answers[id] ?? new DrawbridgeError('zitadel_not_found');
      if (answer instanceof DrawbridgeError) throw answer;
      return { id, name: 'Google', ...answer };
    },
  };
}

describe('names of identity providers', () => {
  it('F9 come from the configuration, then from the type in Zitadel, and never from a name', async () => {
    const zitadel = zitadelWith({
      a: { type: 'IDP_TYPE_GOOGLE' },
      b: { type: 'IDP_TYPE_GITHUB_ES' },
      c: { type: 'IDP_TYPE_OIDC', config: { oidc: { issuer: 'https://accounts.google.com' } } },
      d: { type: 'IDP_TYPE_OIDC', config: { oidc: { issuer: 'https://accounts.google.com.evil.example' } } },
      e: { type: 'IDP_TYPE_GOOGLE' },
    });
    const names = createProviderNames({ configured: parseProviderNames(['e=other', 'f=github']), zitadel });
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'gone'].map((id) => names.of(id, signal)));
    expect(all).toEqual(['google', 'github', 'google', undefined, undefined, 'github', undefined]);
    expect(zitadel.asked).toEqual(['a', 'b', 'c', 'd', 'gone']);
  });

  it('are asked for once in five minutes, and again after an outage', async () => {
    const clock = new ManualClock();
    const zitadel = zitadelWith({ a: { type: 'IDP_TYPE_GITHUB' }, away: new DrawbridgeError('unreachable') });
    const names = createProviderNames({ zitadel, clock });
    await names.of('a', signal);
    await names.of('a', signal);
    expect(zitadel.asked).toEqual(['a']);
    clock.advance(300_000);
    expect(await names.of('a', signal)).toBe('github');
    expect(zitadel.asked).toEqual(['a', 'a']);
    for (let again = 0; again < 2; again += 1)
      await expect(names.of('away', signal)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('stay unknown without Zitadel, and are not taken in another form', async () => {
    expect(await createProviderNames({}).of('a', signal)).toBeUndefined();
    expect(() => parseProviderNames(['a', 'a=facebook', 'b=google', 'b=github'])).toThrow(
      expect.objectContaining({ code: 'invalid_settings', problems: expect.objectContaining({ length: 3 }) }),
    );
  });
});
