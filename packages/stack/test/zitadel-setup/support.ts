import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createZitadelEmulator,
  type ZitadelEmulator,
  type ZitadelEmulatorOptions,
} from '@drawbridge/emulators';
import { type Clock, createHttpClient, type Fetch } from '@drawbridge/kit';
import {
  applyZitadelSetup,
  builtinWish,
  checkWish,
  credentialFolder,
  mergeWish,
  planZitadelSetup,
  setupJobs,
  type WishInput,
  type ZitadelSetupOptions,
  type ZitadelSetupPlan,
  type ZitadelWish,
} from '@drawbridge/stack';
import { createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import { onTestFinished } from 'vitest';

/** An instance, an owner of it, and a folder for what comes of it. */
export interface Place {
  readonly zitadel: Zitadel;
  readonly folder: string;
  /** Through this fetch goes every call to Zitadel. */
  setFetch(fetch: (underlying: Fetch) => Fetch): void;
  plan(wish: ZitadelWish, options?: Partial<ZitadelSetupOptions>): Promise<ZitadelSetupPlan>;
  apply(wish: ZitadelWish, options?: Partial<ZitadelSetupOptions>): Promise<ZitadelSetupPlan>;
}

/** A fresh instance that is emulated. */
export async function startPlace(
  options: ZitadelEmulatorOptions = {},
): Promise<Place & { readonly emulator: ZitadelEmulator }> {
  const emulator = createZitadelEmulator({ outboundDenyList: [], ...options });
  await emulator.start();
  onTestFinished(() => emulator.stop());
  const key = JSON.stringify(emulator.bootstrap.serviceAccountKey);
  return { emulator, ...(await openPlace(emulator.issuer, key)) };
}

/** An instance that is there, whose other things are not ours to touch. */
export async function openPlace(issuer: string, ownerKey: string): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-setup-'));
  const http = createHttpClient();
  let wrap = (underlying: Fetch): Fetch => underlying;
  const zitadel = createZitadel({
    issuer,
    credentials: parseServiceAccount(ownerKey),
    http: { fetch: async (input, init) => await wrap(http.fetch)(input, init) },
  });
  onTestFinished(async () => {
    await zitadel.close();
    await http.close();
    await rm(folder, { recursive: true, force: true });
  });
  const full = (wish: ZitadelWish, options: Partial<ZitadelSetupOptions>): ZitadelSetupOptions => ({
    zitadel,
    wish,
    credentials: credentialFolder(folder),
    ...options,
  });
  return {
    zitadel,
    folder,
    setFetch: (fetch) => {
      wrap = fetch;
    },
    plan: (wish, options = {}) => planZitadelSetup(full(wish, options)),
    async apply(wish, options = {}) {
      const all = full(wish, options);
      return await applyZitadelSetup(all, await planZitadelSetup(all));
    },
  };
}

/** Everything that Drawbridge's own jobs need, and what a test adds. */
export function everything(over: WishInput = {}): ZitadelWish {
  const base = builtinWish({
    jobs: setupJobs,
    publicUrl: 'https://people.acme.example',
    openbaoUrl: 'https://bao.acme.example',
    actionsUrl: 'https://actions.acme.example',
  });
  return checkWish(mergeWish(base, over));
}

/** What a plan says, a line each. */
export function told({ changes }: ZitadelSetupPlan): readonly string[] {
  return changes.map(({ action, title }) => `${action} ${title}`);
}

/** The machine's time, without waiting: an instance without lag shows at once what it has. */
export const hasty: Clock = { now: () => Date.now(), sleep: async () => undefined };
