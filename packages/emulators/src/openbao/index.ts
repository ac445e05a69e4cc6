export type { OpenbaoControlSettings, OpenbaoControls, OpenbaoFault } from './controls.ts';
export {
  createOpenbaoEmulator,
  type OpenbaoBootstrap,
  type OpenbaoEmulator,
  type OpenbaoEmulatorOptions,
} from './emulator.ts';
export type { OpenbaoEvent, OpenbaoEventType } from './store/index.ts';
