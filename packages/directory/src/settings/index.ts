export { type SettingKey, type SettingValues, settingKeys } from './definitions.ts';
export { type SettingChange, Settings, type SettingsOptions, type ShownSetting } from './settings.ts';
