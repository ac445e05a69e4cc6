import { type RefObject, useEffect, useRef, useState } from 'react';
import { usePainted } from './painted.tsx';

/** Tables of up to so many rows are drawn whole. */
const allBelow = 60;
const overscan = 6;
/** Until rows were measured. */
const guessedHeight = 41;
/** What stands above a table at least: the frame, the page's header and the filter. */
const aboveTable = 180;

export interface VisibleRows {
  /** Indexes to draw. */
  readonly visible: readonly number[];
  /** Pixels of what is not drawn above and below. */
  readonly before: number;
  readonly after: number;
  readonly scrollTo: (index: number) => void;
}

type Range = readonly [from: number, to: number];

/**
 * Which of many rows are on the screen; short tables are drawn whole. The first drawing has only what fits on the
 * screen, so that a page stands at once; the rest follows when that is painted. Rows of one table are nearly of one
 * height, so that the mean of those drawn places all others.
 */
export function useVisibleRows(count: number, body: RefObject<HTMLElement | null>): VisibleRows {
  const [range, setRange] = useState<Range>(firstScreen);
  const painted = usePainted();
  const height = useRef(guessedHeight);
  const windowed = count > allBelow;

  useEffect(() => {
    const element = body.current;
    if (!windowed || !painted || !element) return undefined;
    const look = () => {
      const next = rangeOf(element, count, height);
      setRange((now) => (now[0] === next[0] && now[1] === next[1] ? now : next));
    };
    look();
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    return () => {
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
    };
  }, [body, count, windowed, painted]);

  const [from, to] =
    windowed || !painted ? [Math.min(range[0], count), Math.min(range[1], count)] : [0, count];
  return {
    visible: Array.from({ length: to - from }, (_, at) => from + at),
    before: from * height.current,
    after: (count - to) * height.current,
    scrollTo: (index) => scrollTo(body.current, index, height.current),
  };
}

function firstScreen(): Range {
  return [0, Math.max(8, Math.ceil((window.innerHeight - aboveTable) / guessedHeight))];
}

/** The rows on the screen and a few around them; notes how high rows are. */
function rangeOf(element: HTMLElement, count: number, height: { current: number }): Range {
  const drawn = [...element.querySelectorAll('tr[data-row]')];
  const first = drawn[0]?.getBoundingClientRect();
  const last = drawn.at(-1)?.getBoundingClientRect();
  if (first && last && last.bottom > first.top) height.current = (last.bottom - first.top) / drawn.length;
  const above = -element.getBoundingClientRect().top;
  const from = clamp(Math.floor(above / height.current) - overscan, 0, count - 1);
  const to = clamp(Math.ceil((above + window.innerHeight) / height.current) + overscan, from + 1, count);
  return [from, to];
}

/** A row that is drawn is brought into sight; for any other the page moves to where it will be. */
function scrollTo(element: HTMLElement | null, index: number, height: number): void {
  const row = element?.querySelector(`[data-row="${index}"]`);
  if (row) row.scrollIntoView({ block: 'nearest' });
  else if (element) {
    const top = element.getBoundingClientRect().top + window.scrollY + index * height;
    window.scrollTo({ top: top - window.innerHeight / 2 });
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
