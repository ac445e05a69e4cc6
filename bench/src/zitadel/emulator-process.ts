import { createZitadelEmulator, type ZitadelEmulatorOptions } from '@drawbridge/emulators';

/** Runs the emulator in a process of its own, so that its memory and time are not the client's. Its options are the first argument. */
const emulator = createZitadelEmulator(JSON.parse(process.argv[2] ?? '{}') as ZitadelEmulatorOptions);
await emulator.start();
process.once('disconnect', () => void emulator.stop().then(() => process.exit(0)));
process.send?.({ issuer: emulator.issuer, bootstrap: emulator.bootstrap });
