import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrawbridgeError } from '@drawbridge/kit';
import type { DoctorPatient } from '@drawbridge/stack';
import { createZitadel, loadServiceAccount } from '@drawbridge/zitadel';
import { onTestFinished } from 'vitest';
import { describePlanted, useWorld } from './planted.ts';
import type { World } from './world.ts';

const world = useWorld();
const day = 86_400_000;
const hour = 3_600_000;

/** Signs in as somebody else. */
async function signedInAs(who: Awaited<ReturnType<World['machine']>>): Promise<Partial<DoctorPatient>> {
  const zitadel = createZitadel({
    issuer: world().issuer,
    http: world().http,
    credentials: who.account,
    totalMs: 4_000,
  });
  onTestFinished(() => zitadel.close());
  return { loadKey: async () => who.account, zitadel: async () => zitadel };
}

async function keyFile(content: string, mode = 0o600): Promise<Partial<DoctorPatient>> {
  const keyPath = join(world().folder, `key-${Math.random()}.json`);
  await writeFile(keyPath, content);
  await chmod(keyPath, mode);
  return { keyPath, keyPlace: keyPath, loadKey: () => loadServiceAccount(keyPath) };
}

const key = () => JSON.stringify(world().emulator.bootstrap.serviceAccountKey);

describePlanted(world, [
  {
    fault: 'the key file is not there',
    plant: () => {
      const keyPath = join(world().folder, 'absent.json');
      return { keyPath, loadKey: () => loadServiceAccount(keyPath) };
    },
    check: 'key file',
    says: /cannot be read: there is none/,
    remedy: /ZITADEL_KEY_PATH/,
  },
  {
    fault: 'S13 others may read the key file',
    plant: () => keyFile(key(), 0o644),
    check: 'key file',
    state: 'warn',
    says: /others may read .* \(mode 0644\)/,
    remedy: /^chmod 600 /,
  },
  {
    fault: "the key file is an application's",
    plant: () => keyFile('{"type":"application","keyId":"1","key":"x","appId":"2","clientId":"3"}'),
    check: 'key file',
    says: /key of an application/,
    remedy: /Create a key of type JSON for the service account/,
  },
  {
    fault: 'the key has ended',
    plant: () => ({ loadKey: async () => ({ ...world().account, expiresAt: Date.now() - 2 * day }) }),
    check: 'key',
    says: /ended \d days ago/,
    remedy: /create a new key for the service account and put it at/,
  },
  {
    fault: 'the key ends within days',
    plant: () => ({ loadKey: async () => ({ ...world().account, expiresAt: Date.now() + 6 * day + hour }) }),
    check: 'key',
    state: 'warn',
    says: /ends in 6 days/,
    remedy: /create a new key/,
  },
  {
    fault: 'the key was taken away in Zitadel',
    plant: async () => {
      const who = await world().machine('former');
      await world().zitadel.users.removeKey(who.id, who.keyId);
      return await signedInAs(who);
    },
    check: 'token',
    says: /refused/i,
    remedy: /its key is still listed there/,
  },
  {
    fault: 'Zitadel is too old',
    plant: () => ({
      zitadel: async () => ({
        ...world().zitadel,
        probe: async () => {
          throw new DrawbridgeError('zitadel_too_old', { saw: 'Zitadel 4.3.1' });
        },
      }),
    }),
    check: 'version',
    says: /older than 4\.7\.0/,
    remedy: /Upgrade Zitadel to 4\.7\.0/,
  },
  {
    fault: 'the service account has no role',
    plant: async () => await signedInAs(await world().machine('powerless')),
    check: 'roles',
    says: /sees no organization|lacks/,
    remedy: /^make it IAM_USER_MANAGER of the instance$/,
  },
]);
