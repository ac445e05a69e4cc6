import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createMetrics, type MetricInfo, metricTable } from '../../packages/kit/src/index.ts';
import { files, read, root } from '../support/workspace.ts';

const run = promisify(execFile);
const promtool = await run('promtool', ['--version']).then(
  () => true,
  () => false,
);

interface Expression {
  readonly where: string;
  readonly text: string;
  /** Labels that its lines are called by. */
  readonly named: readonly string[];
}

const rulesFile = 'deploy/prometheus/rules.yaml';
const rules = parse(read(rulesFile)) as {
  groups: { rules: { alert: string; expr: string; annotations: { description: string } }[] }[];
};
const dashboard = JSON.parse(read('deploy/grafana/drawbridge.json')) as {
  schemaVersion: number;
  panels: {
    id: number;
    type: string;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets?: { expr: string; legendFormat: string }[];
  }[];
};
const alerts = rules.groups.flatMap((group) => group.rules);
const expressions: readonly Expression[] = [
  ...alerts.map(({ alert, expr }) => ({ where: alert, text: expr, named: [] })),
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      where: title,
      text: expr,
      named: [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label),
    })),
  ),
];

describe('dashboard and alert rules', () => {
  const ours: ReadonlyMap<string, MetricInfo> = new Map(Object.entries<MetricInfo>(metricTable));
  let ofProcess: ReadonlySet<string>;

  beforeAll(async () => {
    const text = await (await createMetrics()).text();
    ofProcess = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name));
  });

  it('name metrics that there are, in the form that their kind is read in', () => {
    const wrong = expressions.flatMap(({ where, text }) =>
      metricsIn(text).flatMap(({ name }) => {
        const info = ours.get(baseOf(name));
        if (!info) return name === 'up' || ofProcess.has(name) ? [] : [`${where}: ${name}`];
        const suffixed = name !== baseOf(name);
        return suffixed === (info.type === 'histogram') ? [] : [`${where}: ${name} is a ${info.type}`];
      }),
    );
    expect(expressions.length).toBeGreaterThan(60);
    expect(wrong).toEqual([]);
  });

  it('name labels that these metrics have', () => {
    const wrong = expressions.flatMap(({ where, text, named }) => {
      const metrics = metricsIn(text);
      const labels = new Set(metrics.flatMap(({ name }) => labelsOf(ours, name)));
      const grouped = [...text.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
      return [
        ...[...grouped, ...named].filter((label) => !labels.has(label)),
        ...metrics.flatMap(({ name, selected }) =>
          selected.filter((label) => !labelsOf(ours, name).includes(label)),
        ),
      ].map((label) => `${where}: ${label}`);
    });
    expect(wrong).toEqual([]);
  });

  it('every metric of ours that somebody counts is on the dashboard', () => {
    const sources = files('{apps,packages}/*/src/**/*.ts')
      .filter((file) => !file.startsWith('packages/kit/src/metrics/') || file.endsWith('outbound.ts'))
      .map(read)
      .join('\n');
    const shown = new Set(
      dashboard.panels.flatMap(({ targets = [] }) =>
        targets.flatMap(({ expr }) => metricsIn(expr).map(({ name }) => baseOf(name))),
      ),
    );
    const missing = [...ours.keys()].filter((name) => sources.includes(`'${name}'`) && !shown.has(name));
    // What is shown beside it says the same.
    expect(missing).toEqual(['drawbridge_key_age_days']);
    const shownForNothing = [...shown].filter((name) => ours.has(name) && !sources.includes(`'${name}'`));
    expect(shownForNothing).toEqual([]);
  });

  it('the dashboard has a place for each panel, and each place one panel', () => {
    const { panels, schemaVersion } = dashboard;
    expect(schemaVersion).toBeGreaterThanOrEqual(39);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_none, at) => `${x + (at % w)}/${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });

  it('the rules of the operator are those of the plain file', () => {
    const { spec } = parse(read('config/components/prometheus/rules.yaml')) as { spec: unknown };
    expect(spec).toEqual(rules);
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  it('every alert is explained in the guides', () => {
    const page = read('docs/operations/monitoring.md');
    expect(alerts.map(({ alert }) => alert).filter((alert) => !page.includes(`\`${alert}\``))).toEqual([]);
  });

  it.skipIf(!promtool)('Prometheus takes the rules (promtool)', async () => {
    const { stdout } = await run('promtool', ['check', 'rules', join(root, rulesFile)]);
    expect(stdout).toContain(`${alerts.length} rules found`);
  });
});

/** The metrics of an expression, with the labels that select of each. */
function metricsIn(text: string): readonly { readonly name: string; readonly selected: readonly string[] }[] {
  return [...text.matchAll(/\b(drawbridge_\w+|process_\w+|nodejs_\w+|up)\b(?:\{([^}]*)\})?/g)].map(
    ([, name = '', selectors = '']) => ({
      name,
      selected: [...selectors.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label),
    }),
  );
}

/** A histogram is read by three names. */
function baseOf(name: string): string {
  return name.replace(/_(?:bucket|count|sum)$/, '');
}

/** Its own labels as Prometheus stores them, and those that Prometheus adds. */
function labelsOf(ours: ReadonlyMap<string, MetricInfo>, name: string): readonly string[] {
  const own = ours.get(baseOf(name))?.labels ?? [];
  return [
    ...own.map((label) => (label === 'instance' ? 'exported_instance' : label)),
    ...(name.endsWith('_bucket') ? ['le'] : []),
    'job',
    'instance',
  ];
}
