export { printCompletion } from './completion.ts';
