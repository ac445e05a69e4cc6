import type { TokenClaims } from '@drawbridge/zitadel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenReviewer, parseAudienceMap, type UserMapping } from '../../src/index.ts';
import { accepting, claimsOf } from '../support/claims.ts';

const audiences = parseAudienceMap(['322011']);

async function userOf(claims: Partial<TokenClaims>, mapping: UserMapping = {}) {
  const reviewer = createTokenReviewer({ verifier: accepting(claimsOf(claims)), audiences, mapping });
  const status = await reviewer.review({ token: 'any', audiences: ['a'] });
  return status.authenticated ? status.user : undefined;
}

describe('the user of a review', () => {
  it('F5 is the user id, whatever the mail address is', async () => {
    const user = await userOf({ email: 'ada@acme.example', emailVerified: true });
    expect(user).toMatchObject({ username: '300000000000000001', uid: '300000000000000001' });
  });

  it('F5 is the mail address where that is set, and then a verified one or nobody', async () => {
    const mapping = { username: 'email', usernamePrefix: 'sso:' } as const;
    const email = 'ada@acme.example';
    expect(await userOf({ email, emailVerified: true }, mapping)).toMatchObject({
      username: 'sso:ada@acme.example',
      uid: '300000000000000001',
    });
    expect(await userOf({ email, emailVerified: false }, mapping)).toBeUndefined();
    expect(await userOf({ emailVerified: true }, mapping)).toBeUndefined();
  });

  it('F4 has groups of roles and organizations, and roles without the organization only of chosen ones', async () => {
    const claims = {
      organizationId: '3',
      roles: { admin: { '3': 'acme.example', '4': 'tenant.example' }, viewer: { '4': 'tenant.example' } },
    };
    expect((await userOf(claims))?.groups).toEqual([
      'zitadel:org:3',
      'zitadel:org:3:admin',
      'zitadel:org:4:admin',
      'zitadel:org:4:viewer',
    ]);
    const chosen = await userOf(claims, { groupsPrefix: 'acme/', roleOrganizations: ['3'] });
    expect(chosen?.groups).toContain('acme/role:admin');
    expect(chosen?.groups).not.toContain('acme/role:viewer');
  });

  it('has issuer, organization and client beside it, where the token says them', async () => {
    expect((await userOf({ organizationId: '3', clientId: '5' }))?.extra).toEqual({
      'drawbridge.internal/issuer': ['https://sso.acme.example'],
      'drawbridge.internal/organization': ['3'],
      'drawbridge.internal/client': ['5'],
    });
    expect(Object.keys((await userOf({}))?.extra ?? {})).toEqual(['drawbridge.internal/issuer']);
  });

  it.each(['system:', 'System:x', ' system:'])('S43 the prefix %j is refused at the start', (prefix) => {
    const options = { verifier: accepting(claimsOf()), audiences };
    for (const mapping of [{ usernamePrefix: prefix }, { groupsPrefix: prefix }])
      expect(() => createTokenReviewer({ ...options, mapping })).toThrow(
        expect.objectContaining({ code: 'invalid_settings' }),
      );
  });

  it('S43 never begins with system:, nor does a group, whatever ids, mails, roles and prefixes are', async () => {
    const nasty = fc.oneof(
      fc.constantFrom(
        'system:masters',
        'SYSTEM:nodes',
        'tem:masters',
        ':masters',
        'masters',
        '\u0000system:',
      ),
      fc.string(),
    );
    const prefix = fc.constantFrom('', 's', 'sys', 'system', 'zitadel:');
    const claims = fc.record({
      subject: nasty,
      email: nasty,
      emailVerified: fc.boolean(),
      organizationId: nasty,
      roles: fc.dictionary(nasty, fc.dictionary(nasty, fc.string(), { maxKeys: 3 }), { maxKeys: 3 }),
    });
    const mapping = fc.record({
      username: fc.constantFrom('sub' as const, 'email' as const),
      usernamePrefix: prefix,
      groupsPrefix: prefix,
      roleOrganizations: fc.array(nasty, { maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(claims, mapping, async (given, settings) => {
        const user = await userOf(given, settings);
        for (const name of user ? [user.username, ...user.groups] : []) {
          expect(name.trim().toLowerCase().startsWith('system:')).toBe(false);
          expect(name).not.toMatch(/\p{Cc}/u);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives different organizations and roles different groups, also where ids have colons in them', async () => {
    const word = fc.constantFrom('a', 'b', '%3A', '%', '');
    // The same words with colons between them, cut into organization and role at one place or another.
    const words = fc.array(word, { minLength: 3, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(words, fc.nat(), fc.nat(), async (all, one, other) => {
        const cuts = [one, other].map((at) => 1 + (at % (all.length - 1)));
        fc.pre(cuts[0] !== cuts[1]);
        const groups = await Promise.all(
          cuts.map(async (at) => {
            const [organization, role] = [all.slice(0, at).join(':'), all.slice(at).join(':')];
            return (await userOf({ roles: { [role]: { [organization]: '' } } }))?.groups[0];
          }),
        );
        expect(groups[0]).not.toBe(groups[1]);
      }),
    );
    const home = await userOf({ organizationId: '3:admin', roles: { admin: { '3': '' } } });
    expect(home?.groups).toEqual(['zitadel:org:3%3Aadmin', 'zitadel:org:3:admin']);
    expect((await userOf({ organizationId: '3%3Aadmin' }))?.groups).not.toContain(home?.groups[0]);
  });
});
