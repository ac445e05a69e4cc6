/**
 * Typed configuration and secrets for programs: definitions by any schema library, ordered sources, and where every field comes from.
 * It loads nothing that a program without a store has no use for; the store is at `@drawbridge/config/openbao`.
 */
export {
  type ConfigDefinition,
  type DefinitionOptions,
  defineConfig,
  type FieldOf,
  type InputOf,
  jsonSchemaOf,
  type OutputOf,
  requireKey,
  type StandardIssue,
  type StandardResult,
  type StandardSchemaV1,
  type ValueOf,
  type WithSecretFields,
} from './definition/index.ts';
export * from './manager/index.ts';
export {
  type AnswerShelf,
  type ConfigSource,
  type ConfigVersion,
  type EnvironmentSourceOptions,
  environmentSource,
  type FieldValue,
  type FileSourceOptions,
  type FoundAnswer,
  fileSource,
  type KeptAnswer,
  type LocalStoreOptions,
  localStore,
  type PromptSourceOptions,
  promptSource,
  type ReadContext,
  type SourceAnswer,
  unsetSource,
  variableOf,
  type WriteOptions,
  type Written,
} from './sources/index.ts';
