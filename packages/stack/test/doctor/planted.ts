import { type DoctorPatient, doctorChecks } from '@drawbridge/stack';
import { type CheckResult, runChecks } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './world.ts';

/** A world for the tests of one file. */
export function useWorld(): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());
  return () => {
    if (!world) throw new Error('the world is there from the first test on');
    return world;
  };
}

export async function diagnose(
  patient: DoctorPatient,
  signal?: AbortSignal,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for await (const result of runChecks(doctorChecks, patient, signal ? { signal } : {})) results.push(result);
  return results;
}

export const isFinding = ({ state }: CheckResult) => state === 'warn' || state === 'fail';

export interface Planted {
  readonly fault: string;
  /** Makes it, and what undoes it at the end of the test. */
  readonly plant: () => Partial<DoctorPatient> | Promise<Partial<DoctorPatient>>;
  /** The first finding. */
  readonly check: string;
  readonly state?: 'warn' | 'fail';
  readonly says: RegExp;
  readonly remedy: RegExp;
}

/** Plants each fault, and looks what the doctor says first. */
export function describePlanted(world: () => World, faults: readonly Planted[]): void {
  describe('of a fault that was planted, it is the first finding, with what to do', () => {
    it.each(faults)('$fault', async ({ plant, check, state = 'fail', says, remedy }) => {
      const results = await diagnose(world().patient(await plant()));
      const first = results.find(isFinding);
      expect(first).toMatchObject({
        name: check,
        state,
        text: expect.stringMatching(says),
        fix: expect.stringMatching(remedy),
      });
      // One cause, one finding: what it leads to is skipped for it.
      expect(results.filter(isFinding)).toEqual([first]);
    });
  });
}
