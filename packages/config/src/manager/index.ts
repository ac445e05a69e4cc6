export type { Explanation, FieldExplanation, SourceExplanation } from './explanation.ts';
export type { CacheOptions, CacheState, StaleEvent } from './kept-answers.ts';
export { createConfigManager } from './manager.ts';
export type {
  ConfigCall,
  ConfigChange,
  ConfigEntry,
  ConfigManager,
  ConfigManagerOptions,
  ConfigWritten,
} from './types.ts';
