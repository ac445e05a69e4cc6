/** What a panel draws: a query and how its lines are called. */
export type Query = readonly [expr: string, legend: string];

/** One panel, before it has a place. */
export interface Panel {
  readonly title: string;
  readonly description?: string;
  /** Grafana's name of the unit; `short` for plain numbers. */
  readonly unit: 'short' | 'reqps' | 's' | 'bytes' | 'percentunit' | 'd';
  readonly queries: readonly Query[];
  /** One number instead of lines, and from where on it is yellow and red. */
  readonly stat?: { readonly warn: number; readonly bad: number };
}

/** A row of the dashboard. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Everything is asked of the jobs that are chosen at the top. */
const chosen = 'job=~"$job"';

/** A metric of those jobs, with further selectors. */
export function of(metric: string, ...selectors: readonly string[]): string {
  return `${metric}{${[chosen, ...selectors].join(', ')}}`;
}

/** How many a second, by labels. */
export function rate(metric: string, by: string, ...selectors: readonly string[]): string {
  return `sum by (${by}) (rate(${of(metric, ...selectors)}[$__rate_interval]))`;
}

/** How many since the point before, by labels. */
export function grown(metric: string, by: string, ...selectors: readonly string[]): string {
  return `sum by (${by}) (increase(${of(metric, ...selectors)}[$__rate_interval]))`;
}

/** Below what time so many of a histogram's observations are, by labels. */
export function quantile(
  share: number,
  histogram: string,
  by: string,
  ...selectors: readonly string[]
): string {
  return `histogram_quantile(${share}, ${rate(`${histogram}_bucket`, by === '' ? 'le' : `le, ${by}`, ...selectors)})`;
}

const datasource = { type: 'prometheus', uid: '$datasource' };

/** The panel as Grafana has it, at a place of the grid of 24 columns. */
export function grafanaPanel(panel: Panel, id: number, gridPos: object): object {
  const { title, description, unit, queries, stat } = panel;
  const steps = stat && [
    { color: 'green', value: null },
    { color: 'yellow', value: stat.warn },
    { color: 'red', value: stat.bad },
  ];
  return {
    id,
    type: stat ? 'stat' : 'timeseries',
    title,
    ...(description === undefined ? {} : { description }),
    datasource,
    gridPos,
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(steps
          ? // A key that ends is worse the lower the number.
            { thresholds: { mode: 'absolute', steps: inOrder(steps, stat) } }
          : { custom: { fillOpacity: 8, lineWidth: 1, showPoints: 'never', spanNulls: true } }),
      },
      overrides: [],
    },
    options: stat
      ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'area' }
      : {
          legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
          tooltip: { mode: 'multi', sort: 'desc' },
        },
    targets: queries.map(([expr, legendFormat], at) => ({
      refId: String.fromCharCode(65 + at),
      datasource,
      expr,
      legendFormat,
    })),
  };
}

interface Step {
  readonly color: string;
  readonly value: number | null;
}

/** Where little is bad, red is the bottom and green the top. */
function inOrder(steps: readonly Step[], { warn, bad }: { readonly warn: number; readonly bad: number }) {
  if (warn < bad) return steps;
  return [
    { color: 'red', value: null },
    { color: 'yellow', value: bad },
    { color: 'green', value: warn },
  ];
}
