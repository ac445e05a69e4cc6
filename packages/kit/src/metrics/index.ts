export { createMetrics, type MetricLabels, type Metrics, type MetricsOptions, noMetrics } from './metrics.ts';
export { countOutbound } from './outbound.ts';
export { type MetricInfo, type MetricTable, metricTable } from './table.ts';
