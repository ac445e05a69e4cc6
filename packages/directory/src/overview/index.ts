export { type Attention, readAttention } from './attention.ts';
export { type Charts, readCharts } from './charts.ts';
export { attentionOf, type Strip, Strips } from './strips.ts';
