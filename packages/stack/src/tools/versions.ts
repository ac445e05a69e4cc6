import { DrawbridgeError } from '@drawbridge/kit';
import type { Program } from './program.ts';

/** From which version on it is taken, and below which. */
export interface VersionRange {
  readonly from: string;
  readonly below: string;
}

/**
 * Asks a program for its version and compares.
 *
 * @throws {DrawbridgeError} `program_missing`, `program_too_old`, `program_failed`
 */
export async function requireVersion(
  program: Program,
  args: readonly string[],
  { from, below }: VersionRange,
  signal?: AbortSignal,
): Promise<string> {
  const said = await program.run(args, { timeoutMs: 15_000, ...(signal ? { signal } : {}) });
  const [, version] = /\bv?(\d+\.\d+(?:\.\d+)?)/.exec(said) ?? [];
  const fits =
    version !== undefined && compareVersions(version, from) >= 0 && compareVersions(version, below) < 0;
  if (!fits)
    throw new DrawbridgeError('program_too_old', {
      message: `${program.name} ${version ?? 'of an unknown version'} was not tried with this.`,
      saw: said.trim().slice(0, 200),
      fix: `Install ${program.name} ${from} or newer, below ${below}.`,
    });
  return version;
}

/** Negative where `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (const [at, part] of (left ?? []).entries()) {
    const difference = part - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
