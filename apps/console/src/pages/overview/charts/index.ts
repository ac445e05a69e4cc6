export { OverviewCharts } from './overview-charts.tsx';
