import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenReviewer, parseAudienceMap } from '../../src/index.ts';
import { accepting, claimsOf } from '../support/claims.ts';

const cluster = 'https://kubernetes.default.svc';

/** The audiences of the answer; undefined for a refusal. */
async function reviewed(entries: readonly string[], held: readonly string[], audiences: readonly string[]) {
  const reviewer = createTokenReviewer({
    verifier: accepting(claimsOf({ audience: held })),
    audiences: parseAudienceMap(entries),
  });
  const status = await reviewer.review({ token: 'any', audiences });
  return status.authenticated ? (status.audiences ?? []) : undefined;
}

describe('audiences', () => {
  it('S42, F4 the answer names those that were asked about and that the token stands for', async () => {
    expect(await reviewed(['1'], ['1'], [cluster, 'vault'])).toEqual([cluster, 'vault']);
    expect(await reviewed([`1=${cluster}`], ['1'], [cluster, 'vault'])).toEqual([cluster]);
    expect(await reviewed([`1=${cluster}`, '1=vault'], ['1'], ['vault', 'other'])).toEqual(['vault']);
    expect(await reviewed([`1=${cluster}`, '2=vault'], ['1', '2'], [cluster, 'vault'])).toHaveLength(2);
  });

  it('S42 a token for none of them is refused, as kube-apiserver takes an empty list for its own', async () => {
    expect(await reviewed(['1=vault'], ['1'], [cluster])).toBeUndefined();
    expect(await reviewed([`1=${cluster}`, '2=vault'], ['2'], [cluster])).toBeUndefined();
  });

  it('a caller that asks about none is told what the token stands for', async () => {
    expect(await reviewed(['1=vault'], ['1'], [])).toEqual(['vault']);
    expect(await reviewed(['1'], ['1'], [])).toEqual([]);
    expect(await reviewed(['1=vault'], ['2'], [])).toBeUndefined();
  });

  it('never names one that was not asked about, nor one that no id of the token stands for', async () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'requested'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(names, names, fc.boolean(), async (asked, mapped, holds) => {
        const entries = mapped.map((name) => `1=${name}`);
        const answer = await reviewed(entries, holds ? ['1'] : ['2'], asked);
        const expected = asked.filter((name) => holds && mapped.includes(name));
        expect(answer).toEqual(expected.length > 0 ? expected : undefined);
      }),
    );
  });

  it.each([[[]], [['']], [['=a']], [['1=']], [['1', '1=a']], [['1=a', '1']], [['1', '1']]])(
    'the entries %j are refused',
    (entries) => {
      expect(() => parseAudienceMap(entries)).toThrow(expect.objectContaining({ code: 'invalid_settings' }));
    },
  );
});
