import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Secret } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyringEntry, openSessionStore, type SessionRecord } from '../../src/index.ts';
import { temporaryFolder } from '../support/session-issuer.ts';

const key = { issuer: 'https://sso.acme.example', clientId: '322011' };
const record: SessionRecord = {
  ...key,
  state: 'active',
  subject: '7',
  name: 'ada',
  accessToken: new Secret('very-secret-access'),
  accessExpiresAt: 1_800_000_000_000,
  refreshToken: new Secret('very-secret-refresh'),
  idToken: new Secret('very-secret-id'),
  idTokenExpiresAt: 1_800_000_000_000,
};

async function fileOf(folder: string): Promise<string> {
  const [name = ''] = (await readdir(folder)).filter((entry) => entry.endsWith('.json'));
  return join(folder, name);
}

const plain = async (folder: string) => openSessionStore({ folder, keyring: false });
const sealed = async (folder: string, passphrase = 'correct horse') =>
  openSessionStore({ folder, passphrase: new Secret(passphrase) });

/** All that a record holds, secrets opened, for comparing. */
function opened(value: SessionRecord | undefined): unknown {
  return value === undefined
    ? undefined
    : Object.fromEntries(
        Object.entries(value).map(([name, field]: [string, unknown]) => [
          name,
          field instanceof Secret ? field.expose() : field,
        ]),
      );
}

describe('the store in files', () => {
  it('S34 keeps tokens in a file of mode 0600, and says that it is not encrypted', async () => {
    const folder = await temporaryFolder();
    const store = await plain(folder);
    await store.write(record);
    expect((await stat(await fileOf(folder))).mode & 0o777).toBe(0o600);
    expect(store.kind).toBe('file');
    expect(store.description).toContain('plain files');
    expect(opened(await store.read(key))).toEqual(opened(record));
    expect(inspect(await store.read(key))).not.toContain('very-secret');
    await store.remove(key);
    expect(await store.read(key)).toBeUndefined();
    await store.remove(key);
  });

  it('keeps sessions of issuers and applications apart', async () => {
    const store = await plain(await temporaryFolder());
    await store.write(record);
    expect(await store.read({ ...key, clientId: '1' })).toBeUndefined();
    expect(await store.read({ ...key, issuer: 'https://sso.acme.example:8443' })).toBeUndefined();
  });

  it('takes whatever stands in the file for a session or for none, and never fails', async () => {
    const folder = await temporaryFolder();
    const store = await plain(folder);
    await store.write(record);
    const path = await fileOf(folder);
    const good: unknown = JSON.parse(await readFile(path, 'utf8'));
    const names = Object.keys(good as object);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .tuple(fc.constantFrom(...names), fc.jsonValue())
            .map(([name, value]) => JSON.stringify({ ...(good as object), [name]: value })),
        ),
        async (text) => {
          await writeFile(path, text);
          const read = await store.read(key);
          if (read) {
            expect(read).toMatchObject(key);
            await store.write(read);
            expect(opened(await store.read(key))).toEqual(opened(read));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('any record survives the trip', async () => {
    const folder = await temporaryFolder();
    const store = await plain(folder);
    const token = fc.stringMatching(/^[\x21-\x7e]{1,80}$/).map((text) => new Secret(text));
    const time = fc.nat(2 ** 40);
    const active = fc.record(
      {
        issuer: fc.constant(key.issuer),
        clientId: fc.constant(key.clientId),
        state: fc.constant('active' as const),
        subject: fc.string({ minLength: 1, maxLength: 200 }),
        name: fc.string({ minLength: 1, maxLength: 200 }),
        accessToken: token,
        accessExpiresAt: time,
        refreshToken: token,
        idToken: token,
        idTokenExpiresAt: time,
        refreshing: time,
        failure: fc.record({ at: time, code: fc.constant('sign_in_denied' as const) }),
      },
      { requiredKeys: ['issuer', 'clientId', 'state', 'subject', 'accessToken', 'accessExpiresAt'] },
    );
    await fc.assert(
      fc.asyncProperty(active, async (any) => {
        await store.write(any);
        expect(opened(await store.read(key))).toEqual(opened(any));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the store under a passphrase', () => {
  it('is unreadable without it, and says so', async () => {
    const folder = await temporaryFolder();
    const store = await sealed(folder);
    await store.write(record);
    expect(store.kind).toBe('encrypted-file');
    const text = await readFile(await fileOf(folder), 'utf8');
    expect(text).not.toMatch(/very-secret|acme|ada/);
    expect(opened(await (await sealed(folder)).read(key))).toEqual(opened(record));
    const other = await sealed(folder, 'battery staple');
    await expect(other.read(key)).rejects.toMatchObject({ code: 'session_unreadable' });
    await expect(sealed(folder, '')).rejects.toMatchObject({ code: 'invalid_settings' });
  });

  it('refuses a file that was changed anywhere, or is of another session', async () => {
    const folder = await temporaryFolder();
    const store = await sealed(folder);
    await store.write(record);
    const path = await fileOf(folder);
    const text = await readFile(path, 'utf8');
    const bytes = Buffer.from(text.split('.')[1] ?? '', 'base64');
    // After the salt: each other salt would be another slow key.
    for (const at of [16, 28, 44, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(path, `${text.split('.')[0]}.${changed.toString('base64')}\n`);
      await expect(store.read(key)).rejects.toMatchObject({ code: 'session_unreadable' });
    }
    const other = { ...record, clientId: '1' };
    await store.write(other);
    const names = (await readdir(folder)).map((name) => join(folder, name)).filter((name) => name !== path);
    await writeFile(path, await readFile(names[0] ?? '', 'utf8'));
    await expect(store.read(key)).rejects.toMatchObject({ code: 'session_unreadable' });
  });
});

describe('the store in the keyring', () => {
  const ring = (fails = false) => {
    const entries = new Map<string, string>();
    const refuse = () => {
      if (fails) throw new Error("Couldn't access platform storage: very-secret");
    };
    const open = (name: string): KeyringEntry => ({
      getPassword: async () => {
        refuse();
        return entries.get(name) ?? null;
      },
      setPassword: async (text) => {
        refuse();
        entries.set(name, text);
      },
      deletePassword: async () => entries.delete(name),
    });
    return { open, entries };
  };

  it('is used where one answers', async () => {
    const folder = await temporaryFolder();
    const { open, entries } = ring();
    const store = await openSessionStore({ folder, loadKeyring: async () => open });
    expect(store.kind).toBe('keyring');
    await store.write(record);
    expect([...entries.keys()]).toEqual(['probe', expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(await readdir(folder)).toEqual([]);
    expect(opened(await store.read(key))).toEqual(opened(record));
    await store.remove(key);
    expect(await store.read(key)).toBeUndefined();
  });

  it('S34 a file serves where none answers or its library is missing, and it is said why', async () => {
    const folder = await temporaryFolder();
    const silent = await openSessionStore({ folder, loadKeyring: async () => ring(true).open });
    expect(silent).toMatchObject({ kind: 'file', description: expect.stringContaining('none that answers') });
    // As in a container: the kernel's keyring says that there is nothing, and takes nothing.
    const { open } = ring();
    const readOnly = (name: string): KeyringEntry => ({
      ...open(name),
      setPassword: ring(true).open(name).setPassword,
    });
    const refusing = await openSessionStore({ folder, loadKeyring: async () => readOnly });
    expect(refusing).toMatchObject({
      kind: 'file',
      description: expect.stringContaining('none that answers'),
    });
    const missing = await openSessionStore({
      folder,
      loadKeyring: () => Promise.reject(new Error('no module')),
    });
    expect(missing).toMatchObject({ kind: 'file', description: expect.stringContaining('not installed') });
  });
});
