export { type Chart, charts, names } from './names.ts';
export {
  accessOf,
  type StackAccess,
  type StackIntent,
  type StackSettings,
  settleStack,
  stackFiles,
} from './settings.ts';
