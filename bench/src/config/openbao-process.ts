import { createOpenbaoEmulator } from '@drawbridge/emulators';
import { createOpenbao } from '@drawbridge/openbao';

/** Runs an emulated OpenBao with so many keys in a process of its own, so that its time is not that of who reads them. */
const keys = Number(process.argv[2] ?? 0);
const emulator = createOpenbaoEmulator();
await emulator.start();
const token = emulator.bootstrap.rootToken;
const openbao = createOpenbao({ url: emulator.url, token });
const put = async (at: number) =>
  openbao.kv().put(`bench/dev/key-a${at}`, { url: `https://${at}`, size: at });
for (let at = 0; at < keys; at += 50)
  await Promise.all(Array.from({ length: Math.min(50, keys - at) }, (_, more) => put(at + more)));
await openbao.close();
// Such as a server in the same region has.
emulator.controls.set({ latencyMs: 10 });
process.once('disconnect', () => void emulator.stop().then(() => process.exit(0)));
process.send?.({ url: emulator.url, token: token.expose() });
