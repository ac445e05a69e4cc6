export { type LoadedSettings, type LoadSources, loadSettings, type Provenance } from './load.ts';
export {
  optional,
  required,
  type Setting,
  type SettingPlaces,
  type SettingTable,
  type SettingValues,
  withDefault,
} from './setting.ts';
export type { Checked, IntegerRange, Validator } from './validators.ts';
// Their names (url, port, path…) are those of everybody's variables: they are used as validators.url().
export * as validators from './validators.ts';
