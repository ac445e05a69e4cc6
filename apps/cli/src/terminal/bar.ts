import { thousands } from './format.ts';
import { duration } from './style.ts';
import type { Terminal } from './terminal.ts';

/** How far a long work of known size is. */
export interface BarState {
  readonly done: number;
  readonly total: number;
  /** Counts that are worth a word where nothing can be drawn again: `attention=1`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly perSecond: number | null;
  readonly leftMs: number | null;
}

export interface Bar {
  update(state: BarState): void;
  /** Takes the bar away; what came of it is printed by the caller. */
  end(): void;
}

const everyMs = 10_000;

/**
 * Shows a work of known size: on a terminal a bar that is drawn again, elsewhere a line at the beginning, whenever a count
 * but `done` changes, and every ten seconds.
 */
export function startBar(terminal: Terminal, label: string): Bar {
  const { live, unicode, columns } = terminal.style;
  let drawn = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  let told = '';
  return {
    update(state) {
      if (live) {
        const tail = [
          `${thousands(state.done)}/${thousands(state.total)}`,
          ...(state.perSecond === null ? [] : [`${state.perSecond.toFixed(1)}/s`]),
          ...(state.leftMs === null ? [] : [`${duration(state.leftMs)} left`]),
        ].join('   ');
        const room = Math.max(5, Math.min(columns, 80) - label.length - tail.length - 5);
        const full = state.total === 0 ? room : Math.round((room * state.done) / state.total);
        const [on, off] = unicode ? ['━', '─'] : ['=', '-'];
        terminal.draw(`\r\u001b[2K${label} ${on.repeat(full)}${off.repeat(room - full)}   ${tail}`);
        drawn = true;
        return;
      }
      const changed = JSON.stringify({ ...state.counts, done: 0 });
      if (changed === told && performance.now() - toldAt < everyMs) return;
      told = changed;
      toldAt = performance.now();
      const words = [
        `${label} ${state.done}/${state.total}`,
        ...Object.entries(state.counts).map(([name, count]) => `${name}=${count}`),
        ...(state.perSecond === null ? [] : [`rate=${state.perSecond.toFixed(1)}/s`]),
        ...(state.leftMs === null ? [] : [`left=${Math.round(state.leftMs / 1_000)}s`]),
      ];
      terminal.note(`${clock()} ${words.join(' ')}`);
    },
    end() {
      if (drawn) terminal.draw('\r\u001b[2K');
      drawn = false;
    },
  };
}

function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}
