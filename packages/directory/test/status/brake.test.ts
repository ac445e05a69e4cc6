import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBrake, organizationLimit, sweepLimit } from '../../src/status/brake.ts';

const usual = { on: true, users: 5, percent: 5 };
const one = (active: number, wouldGo: number, gone = false) => [
  { organizationId: 'north', active, wouldGo, gone },
];

describe('the brake', () => {
  it.each([
    [0, 5],
    [6, 5],
    [100, 5],
    [119, 5],
    [120, 6],
    [412, 20],
    [100_000, 5_000],
  ])('S54 of %i users it lets %i go', (users, limit) => {
    expect(sweepLimit(usual, users)).toBe(limit);
  });

  it.each([
    [0, 2],
    [2, 2],
    [5, 2],
    [6, 3],
    [36, 18],
    [110, 55],
  ])('S54 of %i active users of one organization it lets %i go', (active, limit) => {
    expect(organizationLimit(usual, active)).toBe(limit);
  });

  it('S54 holds a tenant of six that vanishes, though six are few in a large directory', () => {
    expect(checkBrake(usual, 1_000, one(6, 6))).toMatchObject({ pulled: true, organizations: ['north'] });
    expect(checkBrake(usual, 1_000, one(6, 3)).pulled).toBe(false);
  });

  it('S54 holds even one user of an organization that Zitadel does not show', () => {
    expect(checkBrake(usual, 1_000, one(1, 1, true)).pulled).toBe(true);
    expect(checkBrake(usual, 1_000, one(1, 0, true)).pulled).toBe(false);
  });

  it('S54 is never pulled for nobody, always beyond the limit, and lets all go where it is off', () => {
    const count = fc.record({
      organizationId: fc.string(),
      active: fc.nat(1_000),
      wouldGo: fc.nat(1_000),
    });
    fc.assert(
      fc.property(fc.array(count, { maxLength: 20 }), fc.nat(10_000), (counts, users) => {
        const all = counts.reduce((sum, { wouldGo }) => sum + wouldGo, 0);
        const { pulled, limit } = checkBrake(usual, users, counts);
        if (all === 0) expect(pulled).toBe(false);
        if (all > (limit ?? 0)) expect(pulled).toBe(true);
        if (!pulled)
          for (const { active, wouldGo } of counts)
            expect(wouldGo).toBeLessThanOrEqual(Math.max(2, active / 2));
        expect(checkBrake({ ...usual, on: false }, users, counts)).toMatchObject({
          pulled: false,
          limit: null,
        });
      }),
    );
  });
});
