import css from './charts.module.css';

/** What cuts lines out of a colour, so that the kinds differ without it: one way, both, and across. */
const cuts = {
  done: undefined,
  waiting: 'M0 6 6 0',
  attention: 'M0 0 6 6M0 6 6 0',
  quarantined: 'M0 3h6',
  corrected: undefined,
  left: 'M0 6 6 0',
} as const;
const kinds = Object.keys(cuts) as (keyof typeof cuts)[];

/** The fills of a drawing, each named by the drawing's id and its kind; hatching is for where data lack. */
export function Patterns({ id }: { readonly id: string }) {
  return (
    <defs>
      {kinds.map((kind) => (
        <pattern key={kind} id={`${id}${kind}`} width="6" height="6" patternUnits="userSpaceOnUse">
          <rect width="6" height="6" className={css[`${kind}Fill`]} />
          {cuts[kind] && <path className={css.cut} d={cuts[kind]} />}
        </pattern>
      ))}
      <pattern
        id={`${id}gap`}
        width="7"
        height="7"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line className={css.hatch} x1="0" y1="0" x2="0" y2="7" />
      </pattern>
    </defs>
  );
}
