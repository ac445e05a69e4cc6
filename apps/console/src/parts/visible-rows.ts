import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** Tables of up to so many rows are drawn whole. */
const allBelow = 60;
const overscan = 6;
/** Until rows were measured. */
const guessedHeight = 41;

export interface VisibleRows {
  /** Indexes to draw. */
  readonly visible: readonly number[];
  /** Pixels of what is not drawn above and below. */
  readonly before: number;
  readonly after: number;
  readonly scrollTo: (index: number) => void;
}

/**
 * Which of many rows are on the screen; short tables are drawn whole. Rows of one table are nearly of one height, so
 * that the mean of those drawn places all others.
 */
export function useVisibleRows(count: number, body: RefObject<HTMLElement | null>): VisibleRows {
  const [range, setRange] = useState<readonly [number, number]>(() => [
    0,
    Math.ceil(window.innerHeight / guessedHeight) + overscan,
  ]);
  const height = useRef(guessedHeight);
  const windowed = count > allBelow;

  useLayoutEffect(() => {
    const element = body.current;
    if (!windowed || !element) return undefined;
    const look = () => {
      const drawn = [...element.querySelectorAll('tr[data-row]')];
      const total = drawn.reduce((sum, row) => sum + row.getBoundingClientRect().height, 0);
      if (drawn.length > 0 && total > 0) height.current = total / drawn.length;
      const above = -element.getBoundingClientRect().top;
      const from = clamp(Math.floor(above / height.current) - overscan, 0, count - 1);
      const to = clamp(Math.ceil((above + window.innerHeight) / height.current) + overscan, from + 1, count);
      setRange((now) => (now[0] === from && now[1] === to ? now : [from, to]));
    };
    look();
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    return () => {
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
    };
  }, [body, count, windowed]);

  const [from, to] = windowed ? [Math.min(range[0], count - 1), Math.min(range[1], count)] : [0, count];
  return {
    visible: Array.from({ length: to - from }, (_, at) => from + at),
    before: from * height.current,
    after: (count - to) * height.current,
    scrollTo: (index) => scrollTo(body.current, index, height.current),
  };
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
