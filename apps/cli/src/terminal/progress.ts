import { duration } from './style.ts';
import type { Terminal } from './terminal.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const quietMs = 300;
const quietLinesMs = 2_000;
const everyMs = 10_000;

/** A wait that is shown: what for, how long already, until when. */
export interface Wait {
  /**
   * Changes what is being waited for, and why.
   *
   * @param atMostMs how long it is waited for from now on, where that is limited
   */
  update(text: string, atMostMs?: number): void;
  /** Takes the line away; what came of it is printed by the caller. */
  end(): void;
}

/**
 * Shows a wait. On a terminal one line is drawn again and again, from 300 ms on; elsewhere a line is written when the
 * text changes and every ten seconds, never frames.
 */
export function startWait(terminal: Terminal, text: string): Wait {
  const began = performance.now();
  const { live, unicode, columns } = terminal.style;
  let current = text;
  let limitMs: number | undefined;
  let frame = 0;
  let drawn = false;
  let toldAt = performance.now();
  let isTold = true;
  const line = () => {
    const ms = performance.now() - began;
    const elapsed = `  ${limitMs === undefined ? duration(ms) : `${minutes(ms)}/${minutes(limitMs)}`}`;
    // A line that is longer than the terminal could not be drawn again.
    const room = live ? columns - 3 - elapsed.length : Number.POSITIVE_INFINITY;
    return `${current.length > room ? `${current.slice(0, room - 1)}…` : current}${elapsed}`;
  };
  const draw = () => {
    const elapsed = performance.now() - began;
    if (!live) {
      if (performance.now() - toldAt >= everyMs || (!isTold && elapsed >= quietLinesMs)) tell();
      return;
    }
    if (elapsed < quietMs) return;
    frame = (frame + 1) % frames.length;
    const spinner = unicode ? (frames[frame] ?? '') : '-';
    terminal.draw(`\r\u001b[2K${spinner} ${line()}`);
    drawn = true;
  };
  const tell = () => {
    toldAt = performance.now();
    isTold = true;
    terminal.mark('wait', [line()]);
  };
  const timer = setInterval(draw, live ? 100 : 1_000);
  return {
    update(next, atMostMs) {
      limitMs = atMostMs === undefined ? undefined : performance.now() - began + atMostMs;
      if (next === current) return;
      current = next;
      isTold = false;
      // Where nothing can be drawn again, a short wait is not worth a line of its own.
      if (!live && performance.now() - began >= quietLinesMs) tell();
    },
    end() {
      clearInterval(timer);
      if (drawn) terminal.draw('\r\u001b[2K');
    },
  };
}

function minutes(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A wait that has an end, and what can be done meanwhile. */
export interface CountdownOptions {
  readonly what: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly hint: string;
}

/** Shows how much time is left: in one line that is drawn again, elsewhere in a line every ten seconds. */
export function startCountdown(terminal: Terminal, { what, until, hint }: CountdownOptions): { end(): void } {
  const { live, unicode, columns } = terminal.style;
  let frame = 0;
  const line = () => {
    const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1_000));
    return `${what}, ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
  };
  const draw = () => {
    if (!live) return terminal.mark('wait', [line()]);
    frame = (frame + 1) % frames.length;
    const spinner = unicode ? (frames[frame] ?? '') : '-';
    const text = `${spinner} ${line()}     ${hint}`.trimEnd();
    terminal.draw(`\r\u001b[2K${text.slice(0, columns - 1)}`);
  };
  draw();
  const timer = setInterval(draw, live ? 100 : everyMs);
  return {
    end() {
      clearInterval(timer);
      if (live) terminal.draw('\r\u001b[2K');
    },
  };
}
