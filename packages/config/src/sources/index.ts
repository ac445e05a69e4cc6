export { type EnvironmentSourceOptions, environmentSource, variableOf } from './environment.ts';
export { type FileSourceOptions, fileSource } from './file.ts';
export { type LocalStoreOptions, localStore } from './local-store.ts';
export { type PromptSourceOptions, promptSource } from './prompt.ts';
export type {
  AnswerShelf,
  ConfigSource,
  ConfigVersion,
  FieldValue,
  FoundAnswer,
  KeptAnswer,
  ReadContext,
  SourceAnswer,
  WriteOptions,
  Written,
} from './source.ts';
export { unsetSource } from './unset.ts';
