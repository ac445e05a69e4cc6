export { type Chart, charts, names } from './names.ts';
export { type StackIntent, type StackSettings, settleStack, stackFiles } from './settings.ts';
