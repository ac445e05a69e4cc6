import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSettings, optional, required, Secret, validators, withDefault } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';

const { boolean, duration, integer, list, oneOf, path, port, secret, text, url } = validators;

const table = {
  issuer: required(url(), {
    flag: 'issuer',
    env: ['ZITADEL_ISSUER', 'OLD_ISSUER'],
    key: 'zitadel.issuer',
    description: 'x',
  }),
  port: withDefault(port(), 8080, { flag: 'port', key: 'api.port', description: 'x' }),
  password: optional(secret(), { flag: 'password', env: ['PASSWORD'], key: 'db.password', description: 'x' }),
};

async function yaml(content: string): Promise<string> {
  const file = join(await tempFolder(), 'drawbridge.yaml');
  await writeFile(file, content);
  return file;
}

describe('loadSettings', () => {
  it('prefers flags to environment to file to defaults, and tells where each came from', async () => {
    const file = await yaml('zitadel:\n  issuer: https://file.example\napi:\n  port: 1\n');
    const issuerOf = async (flags: Record<string, unknown>, env: Record<string, string>) => {
      const { values, provenance } = await loadSettings(table, { flags, env, file });
      return [values.issuer, provenance.issuer.name];
    };
    const env = { ZITADEL_ISSUER: 'https://env.example', OLD_ISSUER: 'https://old.example' };
    expect(await issuerOf({ issuer: 'https://flag.example' }, env)).toEqual([
      'https://flag.example',
      '--issuer',
    ]);
    expect(await issuerOf({}, env)).toEqual(['https://env.example', 'ZITADEL_ISSUER']);
    expect(await issuerOf({}, { ...env, ZITADEL_ISSUER: '' })).toEqual(['https://old.example', 'OLD_ISSUER']);
    expect(await issuerOf({}, {})).toEqual(['https://file.example', `zitadel.issuer (${file}:2)`]);
    const { values, provenance } = await loadSettings(table, { env, file: await yaml('') });
    expect([values.port, provenance.port.source, provenance.password.source]).toEqual([
      8080,
      'default',
      'unset',
    ]);
    expect(Object.isFrozen(values)).toBe(true);
  });

  it('reports every mistake at once, with the nearest known key, and quotes no value', async () => {
    const file = await yaml('zitadel:\n  isuer: https://a.example\napi:\n  port: s3cr3t\ncolour: red\n');
    const failure = await loadSettings(table, { flags: { password: 's3cr3t' }, env: {}, file }).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({ code: 'invalid_settings' });
    expect(failure.problems).toEqual([
      {
        field: '--issuer or ZITADEL_ISSUER or OLD_ISSUER or zitadel.issuer in drawbridge.yaml',
        message: 'is missing',
      },
      { field: `api.port (${file}:4)`, message: 'is not a port from 0 to 65535' },
      { field: '--password', message: 'is a secret and not taken from the command line' },
      { field: `zitadel.isuer (${file}:2)`, message: 'is not a setting; zitadel.issuer is' },
      { field: `colour (${file}:5)`, message: 'is not a setting' },
    ]);
    expect(JSON.stringify(failure)).not.toContain('s3cr3t');
  });

  it('says where a file is not YAML, without its text', async () => {
    const file = await yaml('a: 1\npassword: "s3cr3t\n');
    const failure = await loadSettings(table, { env: {}, file }).catch((error) => error);
    expect(failure).toMatchObject({ code: 'invalid_settings', where: expect.stringContaining(`${file}:`) });
    expect(JSON.stringify(failure) + failure.message + String(failure.cause)).not.toContain('s3cr3t');
    await expect(loadSettings(table, { env: {}, file: await yaml('- a\n') })).rejects.toMatchObject({
      code: 'invalid_settings',
    });
    await expect(loadSettings(table, { env: {}, file: '/nowhere.yaml' })).rejects.toMatchObject({
      code: 'file_unreadable',
    });
  });

  it('finds the file in the config folder, and secrets stay secrets', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'drawbridge.yaml'), 'db: {password: s3cr3t}\n');
    const env = { DRAWBRIDGE_DATA_DIR: folder, ZITADEL_ISSUER: 'http://a.localhost' };
    const { values, file } = await loadSettings(table, { env });
    expect(file).toBe(join(folder, 'drawbridge.yaml'));
    expect(values.password).toBeInstanceOf(Secret);
    expect(JSON.stringify(values)).not.toContain('s3cr3t');
    await expect(loadSettings({ issuer: table.issuer }, { env })).rejects.toMatchObject({
      code: 'invalid_settings',
    });
    await loadSettings({ issuer: table.issuer }, { env, otherKeys: ['db.password'] });
  });
});

describe('validators', () => {
  it('read back what they accept', () => {
    const accepted = (checked: object) => ('value' in checked ? checked.value : checked);
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.boolean(), fc.webUrl(), (number, flag, address) => {
        expect(accepted(integer()(String(number)))).toBe(number);
        expect(accepted(integer()(number))).toBe(number);
        expect(accepted(boolean()(flag))).toBe(flag);
        expect(accepted(url()(address))).toBe(address);
      }),
    );
    expect(accepted(duration()('1h30m'))).toBe(5_400_000);
    expect(accepted(duration()('250ms'))).toBe(250);
    expect(accepted(oneOf('a', 'b')('b'))).toBe('b');
    expect(accepted(path()('a'))).toBe(join(process.cwd(), 'a'));
    expect(accepted(list(port())('1, 2,'))).toEqual([1, 2]);
    expect(accepted(list(text())(['a', 1]))).toEqual(['a', '1']);
    expect(accepted(boolean()('off'))).toBe(false);
  });

  it('complain about the rest and never throw or quote it', () => {
    const all = [
      text(),
      url(),
      integer({ min: 1, max: 5 }),
      port(),
      duration({ min: 5 }),
      boolean(),
      oneOf('x'),
      secret(),
      path(),
    ];
    fc.assert(
      fc.property(fc.anything(), (input) => {
        for (const validator of all) {
          const checked = validator(input);
          expect('value' in checked || typeof checked.complaint === 'string').toBe(true);
        }
      }),
    );
    for (const bad of ['https://u:p4ssw0rd@a.example', 'ftp://p4ssw0rd', 'p4ssw0rd']) {
      expect(JSON.stringify(url()(bad))).not.toContain('p4ssw0rd');
    }
    for (const bad of ['', '1.5', '1e3', '0x10', ' ', '99999999999999999999'])
      expect(integer()(bad)).toHaveProperty('complaint');
    for (const bad of ['', '5', '5 s', 's', '-5s', '9999999d'])
      expect(duration()(bad)).toHaveProperty('complaint');
  });
});
