import css from './charts.module.css';
import { box, height, width } from './frame.tsx';

export type Scale = (value: number) => number;

/** Places values of `domain` between two ends of the drawing. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const span = domain[1] - domain[0] || 1;
  return (value) => range[0] + ((value - domain[0]) / span) * (range[1] - range[0]);
}

/** The same for what spans orders of magnitude; values outside are drawn at the edge. */
export function logarithmic(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const place = linear([Math.log10(domain[0]), Math.log10(domain[1])], range);
  return (value) => place(Math.log10(Math.min(Math.max(value, domain[0]), domain[1])));
}

export const horizontal: readonly [number, number] = [box.left, width - box.right];
export const vertical: readonly [number, number] = [height - box.bottom, box.top];

/** Ticks with their words at the left, and the words at both ends of the time. */
export function Axes({
  y,
  ticks,
  from,
  to,
}: {
  readonly y: Scale;
  readonly ticks: readonly (readonly [value: number, label: string])[];
  readonly from: string;
  readonly to: string;
}) {
  return (
    <g>
      {ticks.map(([value, label]) => (
        <g key={label}>
          <line className={css.axis} x1={box.left} x2={width - box.right} y1={y(value)} y2={y(value)} />
          <text className={css.label} x={box.left - 6} y={y(value) + 4} textAnchor="end">
            {label}
          </text>
        </g>
      ))}
      <text className={css.label} x={box.left} y={height - 6}>
        {from}
      </text>
      <text className={css.label} x={width - box.right} y={height - 6} textAnchor="end">
        {to}
      </text>
    </g>
  );
}

/** A few round numbers from 0 up to at least `most`. */
export function roundTicks(most: number): readonly (readonly [number, string])[] {
  const rough = Math.max(most, 1) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power);
  return Array.from({ length: Math.ceil(Math.max(most, 1) / step) + 1 }, (_, at) => [
    at * step,
    String(at * step),
  ]);
}
