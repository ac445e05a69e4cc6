import { createZitadelEmulator } from '@drawbridge/emulators';

/** Runs the emulator in a process of its own, so that its memory and time are not the client's. */
const emulator = createZitadelEmulator();
await emulator.start();
process.once('disconnect', () => void emulator.stop().then(() => process.exit(0)));
process.send?.({ issuer: emulator.issuer, bootstrap: emulator.bootstrap });
