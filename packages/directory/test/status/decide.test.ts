import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConflictRule, decide, type Here, type There } from '../../src/status/decide.ts';

const here = fc.record({ active: fc.boolean(), deactivatedHere: fc.boolean() });
const there = fc.record({
  says: fc.constantFrom<There['says']>('active', 'inactive', 'deleted', 'locked', 'initial', 'unknown'),
  mark: fc.constantFrom<There['mark']>('directory', 'controller', 'none'),
});
const rule = fc.constantFrom<ConflictRule>('zitadel', 'stricter');

describe('the decision about one user', () => {
  it.each<[Here, There, ConflictRule, string]>([
    [on(), said('active'), 'zitadel', 'keep'],
    [on(), said('inactive'), 'zitadel', 'deactivate'],
    [on(), said('deleted'), 'zitadel', 'deactivate'],
    [on(), said('locked'), 'zitadel', 'keep'],
    [on(), said('initial'), 'zitadel', 'keep'],
    [on(), said('unknown'), 'zitadel', 'keep'],
    [off(false), said('active'), 'zitadel', 'activate'],
    [off(false), said('active'), 'stricter', 'activate'],
    [off(true), said('active', 'directory'), 'zitadel', 'activate'],
    [off(true), said('active', 'directory'), 'stricter', 'enforce'],
    [off(true), said('active', 'none'), 'stricter', 'activate'],
    [off(true), said('inactive', 'directory'), 'stricter', 'keep'],
    [off(false), said('deleted'), 'zitadel', 'keep'],
    [off(true), said('locked'), 'zitadel', 'keep'],
  ])('%o, %o, %s: %s', (one, other, by, wanted) => {
    expect(decide(one, other, by).do).toBe(wanted);
  });

  it('keeps whoever stands alike on both sides, and never leaves in whom Zitadel says is out', () => {
    fc.assert(
      fc.property(here, there, rule, (one, other, by) => {
        const decision = decide(one, other, by);
        if (one.active && other.says === 'active') expect(decision.do).toBe('keep');
        if (!one.active && other.says === 'inactive') expect(decision.do).toBe('keep');
        if (one.active && (other.says === 'inactive' || other.says === 'deleted'))
          expect(decision.do).toBe('deactivate');
      }),
    );
  });

  it('lets nobody in whom Zitadel does not, and deactivates nobody for being locked, new or unknown', () => {
    fc.assert(
      fc.property(here, there, rule, (one, other, by) => {
        const { do: does } = decide(one, other, by);
        if (does === 'activate' || does === 'enforce') expect(other.says).toBe('active');
        if (['locked', 'initial', 'unknown'].includes(other.says)) expect(does).toBe('keep');
      }),
    );
  });

  it('comes to rest: the state that a decision leads to is kept', () => {
    fc.assert(
      fc.property(here, there, rule, (one, other, by) => {
        const decision = decide(one, other, by);
        if (decision.do === 'deactivate')
          expect(decide({ active: false, deactivatedHere: decision.deactivatedHere }, other, by).do).toBe(
            'keep',
          );
        if (decision.do === 'activate')
          expect(decide({ active: true, deactivatedHere: false }, other, by).do).toBe('keep');
      }),
    );
  });

  it('overrules only what the directory itself did', () => {
    fc.assert(
      fc.property(here, there, rule, (one, other, by) => {
        const decision = decide(one, other, by);
        const overrules = decision.do === 'enforce' || (decision.do === 'activate' && decision.overruled);
        if (overrules) expect([one.deactivatedHere, other.mark]).toEqual([true, 'directory']);
      }),
    );
  });
});

function on(): Here {
  return { active: true, deactivatedHere: false };
}

function off(deactivatedHere: boolean): Here {
  return { active: false, deactivatedHere };
}

function said(says: There['says'], mark: There['mark'] = 'none'): There {
  return { says, mark };
}
