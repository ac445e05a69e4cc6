export { type Chart, charts, names } from './names.ts';
export {
  accessOf,
  relayOf,
  type StackAccess,
  type StackIntent,
  type StackSettings,
  settleStack,
  stackFiles,
} from './settings.ts';
