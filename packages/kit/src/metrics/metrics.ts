import type { Counter, Gauge, Histogram } from 'prom-client';
import { type MetricInfo, type MetricTable, metricTable } from './table.ts';

type NamesOf<Type extends MetricInfo['type']> = {
  [Name in keyof MetricTable]: MetricTable[Name]['type'] extends Type ? Name : never;
}[keyof MetricTable];

/** The labels of one metric; leaving one out or inventing one does not compile. */
export type MetricLabels<Name extends keyof MetricTable> = Readonly<
  Record<MetricTable[Name]['labels'][number], string>
>;

/** Counts and times of one process. */
export interface Metrics {
  /** Adds to a counter. */
  count<Name extends NamesOf<'counter'>>(name: Name, labels: MetricLabels<Name>, by?: number): void;
  /** Sets a gauge. */
  set<Name extends NamesOf<'gauge'>>(name: Name, labels: MetricLabels<Name>, value: number): void;
  /** Moves a gauge. */
  add<Name extends NamesOf<'gauge'>>(name: Name, labels: MetricLabels<Name>, by: number): void;
  /** Records one observation of a histogram, in the unit its name ends with. */
  observe<Name extends NamesOf<'histogram'>>(name: Name, labels: MetricLabels<Name>, value: number): void;
  /** All of it in Prometheus' text format. */
  text(): Promise<string>;
  /** Content type of {@link Metrics.text}. */
  readonly contentType: string;
}

export interface MetricsOptions {
  /** Whether Node's own figures (memory, event loop, garbage collection) are included. Default true. */
  readonly process?: boolean;
}

/**
 * Makes the metrics of one process over a registry of its own, so that two servers in one process, or two tests, do not
 * count into each other.
 *
 * @example
 * ```ts
 * import { createMetrics } from '@drawbridge/kit';
 *
 * const metrics = await createMetrics();
 * metrics.count('drawbridge_token_refreshes_total', { instance: 'sso.acme.example', outcome: 'ok' });
 * console.log(await metrics.text());
 * ```
 */
export async function createMetrics(options: MetricsOptions = {}): Promise<Metrics> {
  // Loaded here, not at import: the command's short-lived calls must not pay for it.
  const prom = await import('prom-client');
  const registry = new prom.Registry();
  if (options.process ?? true) prom.collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, info] of Object.entries<MetricInfo>(metricTable)) {
    const shape = { name, help: info.help, labelNames: [...info.labels], registers: [registry] };
    if (info.type === 'counter') counters.set(name, new prom.Counter(shape));
    else if (info.type === 'gauge') gauges.set(name, new prom.Gauge(shape));
    else histograms.set(name, new prom.Histogram({ ...shape, buckets: [...(info.buckets ?? [])] }));
  }
  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    set: (name, labels, value) => gauges.get(name)?.set(labels, value),
    add: (name, labels, by) => gauges.get(name)?.inc(labels, by),
    observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Metrics that count nothing: the default of every part that takes some. */
export const noMetrics: Metrics = {
  count: () => undefined,
  set: () => undefined,
  add: () => undefined,
  observe: () => undefined,
  text: async () => '',
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
};
