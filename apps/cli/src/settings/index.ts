import { type LoadedSettings, loadSettings, type SettingTable } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import { actionsServerSettings } from './actions-server.ts';
import { apiserverSettings } from './apiserver.ts';
import { authnWebhookSettings } from './authn-webhook.ts';
import { controllerSettings } from './controller.ts';
import { doctorSettings } from './doctor.ts';
import { relaySettings } from './relay.ts';
import { stackSettings } from './stack.ts';
import {
  connectionSettings,
  openbaoAccountSettings,
  openbaoSettings,
  serveSettings,
  signInSettings,
  storeSettings,
} from './tables.ts';

export { actionsServerSettings } from './actions-server.ts';
export { apiserverSettings } from './apiserver.ts';
export { authnWebhookSettings } from './authn-webhook.ts';
export { controllerSettings } from './controller.ts';
export { doctorSettings } from './doctor.ts';
export { relaySettings } from './relay.ts';
export { stackSettings } from './stack.ts';
export {
  connectionSettings,
  openbaoAccountSettings,
  openbaoSettings,
  serveSettings,
  signInSettings,
  storeSettings,
} from './tables.ts';

const everyKey = [
  connectionSettings,
  signInSettings,
  openbaoSettings,
  openbaoAccountSettings,
  storeSettings,
  serveSettings,
  apiserverSettings,
  authnWebhookSettings,
  controllerSettings,
  actionsServerSettings,
  relaySettings,
  doctorSettings,
  stackSettings,
]
  .flatMap((table: SettingTable) => Object.values(table))
  .flatMap(({ key }) => key ?? [])
  // Values that programs read, which are nobody's settings.
  .concat('config.*');

/**
 * Settings of a command: flags, environment, `drawbridge.yaml`, which may hold those of other commands as well.
 *
 * @throws {DrawbridgeError} `invalid_settings` with every mistake at once
 */
export async function settingsOf<Table extends SettingTable>(
  table: Table,
  { env }: Context,
  flags: Readonly<Record<string, unknown>> = {},
): Promise<LoadedSettings<Table>> {
  const named = Object.entries(flags).map(([name, value]) => [
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    value,
  ]);
  return await loadSettings(table, { flags: Object.fromEntries(named), env, otherKeys: everyKey });
}
