import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { organization, post, project, serviceAccountToken, user } from './support.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'emulator-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function withEmulator<T>(work: (emulator: ZitadelEmulator) => Promise<T>, port = 0): Promise<T> {
  const emulator = createZitadelEmulator({ dataDir, port });
  await emulator.start();
  try {
    return await work(emulator);
  } finally {
    await emulator.stop();
  }
}

const ask = (emulator: ZitadelEmulator, method: string, body: unknown, token: string) =>
  post((url, init) => fetch(url, init as RequestInit), `${emulator.issuer}/${method}`, body, token);

describe('an instance in a folder', () => {
  it('is the same after reopening: ids, users, tokens and keys', async () => {
    const first = await withEmulator(async (emulator) => {
      const token = await serviceAccountToken(emulator);
      const { organizationId } = emulator.bootstrap;
      await ask(
        emulator,
        user('CreateUser'),
        { organizationId, userId: 'kept', machine: { name: 'K' } },
        token,
      );
      const keys = await (await fetch(`${emulator.issuer}/oauth/v2/keys`)).json();
      return { token, bootstrap: emulator.bootstrap, keys, port: Number(new URL(emulator.issuer).port) };
    });
    await withEmulator(async (emulator) => {
      expect(emulator.bootstrap).toEqual(first.bootstrap);
      expect(emulator.bootstrap.admin.password.expose()).toBe(first.bootstrap.admin.password.expose());
      const got = await ask(emulator, user('GetUserByID'), { userId: 'kept' }, first.token);
      expect(got.status).toBe(200);
      expect(await (await fetch(`${emulator.issuer}/oauth/v2/keys`)).json()).toEqual(first.keys);
      expect(await serviceAccountToken(emulator)).not.toBe('');
    }, first.port);
  });

  it('keeps a web key that was made later, and signs with it after reopening', async () => {
    const port = await withEmulator(async (emulator) => {
      const token = await serviceAccountToken(emulator);
      const webKey = (name: string) => `zitadel.webkey.v2.WebKeyService/${name}`;
      const { body } = await ask(emulator, webKey('CreateWebKey'), { ecdsa: {} }, token);
      await ask(emulator, webKey('ActivateWebKey'), { id: body.id }, token);
      return Number(new URL(emulator.issuer).port);
    });
    await withEmulator(async (emulator) => {
      // The token asks for openid, so its answer bears an id_token that the kept key signs.
      expect(await serviceAccountToken(emulator)).not.toBe('');
      const answer = await fetch(`${emulator.issuer}/oauth/v2/keys`);
      const { keys } = (await answer.json()) as { keys: { alg: string }[] };
      expect(keys.map(({ alg }) => alg).toSorted()).toEqual(['ES256', 'RS256', 'RS256']);
    }, port);
  });

  it('keeps keys and events to their owner', async () => {
    await withEmulator(async () => undefined);
    for (const file of ['keys.json', 'events.jsonl']) {
      expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600);
    }
    const events = await readFile(join(dataDir, 'events.jsonl'), 'utf8');
    expect(events).not.toContain('PRIVATE KEY');
    expect(events).not.toContain('Password1!');
  });

  it('has one opener at a time', async () => {
    await withEmulator(async () => {
      await expect(createZitadelEmulator({ dataDir }).start()).rejects.toMatchObject({ code: 'locked' });
    });
    await withEmulator(async () => undefined);
  });

  it('drops a transaction that a crash cut off, and refuses other damage', async () => {
    const length = await withEmulator(async (emulator) => emulator.events.length);
    await appendFile(join(dataDir, 'events.jsonl'), '[{"type":"user.lock');
    await withEmulator(async (emulator) => expect(emulator.events.length).toBe(length));
    await appendFile(join(dataDir, 'events.jsonl'), 'garbage\n');
    await expect(createZitadelEmulator({ dataDir }).start()).rejects.toMatchObject({
      code: 'file_unreadable',
    });
  });

  it('any commands give the same answers after reopening the folder', async () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const command = fc.oneof(
      fc.tuple(fc.constant('CreateUser'), name),
      fc.tuple(
        fc.constantFrom('DeactivateUser', 'ReactivateUser', 'LockUser', 'UnlockUser', 'DeleteUser'),
        name,
      ),
      fc.tuple(fc.constantFrom('metadata', 'rename', 'organization', 'role', 'dropOrganization'), name),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 25 }), async (commands) => {
        const folder = await mkdtemp(join(dataDir, 'run-'));
        const open = () => createZitadelEmulator({ dataDir: folder });
        const first = open();
        await first.start();
        const token = await serviceAccountToken(first);
        for (const [what, which] of commands) await run(first, token, what, which);
        const before = await snapshot(first, token);
        await first.stop();
        const second = open();
        await second.start();
        const after = await snapshot(second, token);
        await second.stop();
        expect(after).toEqual(before);
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});

/** Runs one command; refusals are part of the game. */
async function run(emulator: ZitadelEmulator, token: string, what: string, which: string): Promise<void> {
  const { organizationId } = emulator.bootstrap;
  const userId = `user-${which}`;
  const send = (method: string, body: unknown) => ask(emulator, method, body, token);
  switch (what) {
    case 'CreateUser':
      await send(user('CreateUser'), { organizationId, userId, machine: { name: which } });
      break;
    case 'metadata':
      await send(user('SetUserMetadata'), { userId, metadata: [{ key: which, value: 'dg==' }] });
      break;
    case 'rename':
      await send(user('UpdateUser'), { userId, username: `renamed-${which}` });
      break;
    case 'organization':
      await send(organization('AddOrganization'), { name: which, organizationId: `org-${which}` });
      break;
    case 'role':
      await send(project('CreateProject'), { organizationId: `org-${which}`, projectId: which, name: which });
      await send(project('AddProjectRole'), { projectId: which, roleKey: 'r', displayName: 'R' });
      break;
    case 'dropOrganization':
      await send(organization('DeleteOrganization'), { organizationId: `org-${which}` });
      break;
    default:
      await send(user(what), { userId });
  }
}

/** Everything the lists say. */
async function snapshot(emulator: ZitadelEmulator, token: string): Promise<unknown> {
  const read = async (method: string, body: unknown = {}) => (await ask(emulator, method, body, token)).body;
  return {
    users: await read(user('ListUsers')),
    organizations: await read(organization('ListOrganizations')),
    projects: await read(project('ListProjects')),
    metadata: await read(user('ListUserMetadata'), { userId: 'user-a' }),
  };
}
