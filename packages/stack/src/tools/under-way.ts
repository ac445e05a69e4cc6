import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { type Clock, DrawbridgeError, translateFileError } from '@drawbridge/kit';

/** A program that works on a stack. It goes on where the command that ran it is killed, and a second one would be in its way. */
interface UnderWay {
  readonly program: string;
  readonly pid: number;
}

/** How long the end of such a program is waited for, and who is told. */
export interface UnderWayWait {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onWaiting?: (why: string) => void;
}

const lookAgainMs = 250;

/** Writes down that a program is at work; at once, so that a kill finds no gap. @returns what takes the note away @throws {DrawbridgeError} `file_unwritable` */
export function noteUnderWay(path: string, program: UnderWay): () => void {
  try {
    writeFileSync(path, `${JSON.stringify(program)}\n`, { mode: 0o600 });
  } catch (error) {
    throw translateFileError(error, path, 'file_unwritable');
  }
  return () => rmSync(path, { force: true });
}

/**
 * Waits for the end of the program that an earlier command left at work, where it left one.
 *
 * @throws {DrawbridgeError} `stack_not_ready` at the end of the time, `canceled`
 */
export async function untilNothingUnderWay(path: string, wait: UnderWayWait): Promise<void> {
  const { clock, signal, timeoutMs, onWaiting } = wait;
  const noted = await readNote(path);
  if (!noted) return;
  const { program, pid } = noted;
  const until = clock.now() + timeoutMs;
  let isTold = false;
  while (isAtWork(noted)) {
    if (clock.now() >= until)
      throw new DrawbridgeError('stack_not_ready', {
        message: `${program} of an earlier run is still at work, as process ${pid}.`,
        where: path,
        why: 'The command that started it was killed; two at once would undo each other’s work.',
        fix: `Wait for it, or end it (kill ${pid}), and run this again.`,
      });
    if (!isTold) onWaiting?.(`${program} of an earlier run is at work, process ${pid}`);
    isTold = true;
    await clock.sleep(lookAgainMs, signal).catch((cause: unknown) => {
      throw new DrawbridgeError('canceled', { message: `${program} was no longer waited for.`, cause });
    });
  }
  await rm(path, { force: true });
}

async function readNote(path: string): Promise<UnderWay | undefined> {
  try {
    const { program, pid } = JSON.parse(await readFile(path, 'utf8')) as Partial<UnderWay>;
    return typeof program === 'string' && Number.isSafeInteger(pid)
      ? { program, pid: Number(pid) }
      : undefined;
  } catch {
    return undefined; // there is none, or the kill came while it was written: the program had just begun
  }
}

/** Ids of processes are given again: where the system tells, it has to be the same program. */
function isAtWork({ program, pid }: UnderWay): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    // Empty for one that has ended and that nobody has asked about.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program);
  } catch {
    return false;
  }
}
