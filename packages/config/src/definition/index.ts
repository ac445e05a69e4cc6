export {
  type ConfigDefinition,
  type DefinitionOptions,
  defineConfig,
  type FieldOf,
  type ValueOf,
  type WithSecretFields,
} from './define.ts';
export { fieldNamesOf, fieldSchemaOf, jsonSchemaOf } from './json-schema.ts';
export { requireFolder, requireKey } from './key.ts';
export {
  type InputOf,
  type OutputOf,
  pathOf,
  type StandardIssue,
  type StandardResult,
  type StandardSchemaV1,
} from './standard-schema.ts';
