import {
  createZitadelEmulator,
  type ZitadelEmulator,
  type ZitadelEmulatorOptions,
} from '@drawbridge/emulators';
import { createZitadel, parseServiceAccount, type Zitadel, type ZitadelOptions } from '@drawbridge/zitadel';

export interface Started {
  readonly emulator: ZitadelEmulator;
  readonly zitadel: Zitadel;
  readonly organizationId: string;
  /** Another client of the same instance, closed with the rest. */
  client(options?: Partial<ZitadelOptions>): Zitadel;
  stop(): Promise<void>;
}

/** An emulated Zitadel and a client with its first service account. */
export async function start(options: ZitadelEmulatorOptions = {}): Promise<Started> {
  const emulator = createZitadelEmulator(options);
  await emulator.start();
  const clients: Zitadel[] = [];
  const client = (more: Partial<ZitadelOptions> = {}) => {
    const made = createZitadel({
      issuer: emulator.issuer,
      credentials: parseServiceAccount(JSON.stringify(emulator.bootstrap.serviceAccountKey)),
      ...more,
    });
    clients.push(made);
    return made;
  };
  return {
    emulator,
    zitadel: client(),
    organizationId: emulator.bootstrap.organizationId,
    client,
    stop: async () => {
      for (const one of clients) await one.close();
      await emulator.stop();
    },
  };
}
