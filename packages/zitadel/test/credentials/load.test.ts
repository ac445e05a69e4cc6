import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogFields, silentLogger } from '@drawbridge/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadApplicationKey, loadServiceAccount } from '../../src/index.ts';
import { keyFile } from '../support/keys.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('loadServiceAccount', () => {
  it.skipIf(process.platform === 'win32')('S13 warns when others may read the file', async () => {
    const warnings: LogFields[] = [];
    const logger = { ...silentLogger, warn: (fields: LogFields) => warnings.push(fields) };
    const path = join(folder, 'key.json');
    await writeFile(path, keyFile(), { mode: 0o600 });
    await loadServiceAccount(path, { logger });
    expect(warnings).toEqual([]);
    await chmod(path, 0o644);
    await loadServiceAccount(path, { logger });
    expect(warnings).toEqual([{ path, code: 'key_file_mode' }]);
  });

  it('says that there is no file, and refuses one that is far too large', async () => {
    await expect(loadServiceAccount(join(folder, 'none'))).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining('there is none'),
    });
    await writeFile(join(folder, 'large'), 'x'.repeat(70_000));
    await expect(loadServiceAccount(join(folder, 'large'))).rejects.toMatchObject({
      code: 'invalid_key_file',
    });
  });
});

describe('loadApplicationKey', () => {
  it('takes the key of an application, and says what else it was given', async () => {
    const path = join(folder, 'app.json');
    await writeFile(path, keyFile({ type: 'application', clientId: '322011', appId: '1' }), { mode: 0o600 });
    expect(await loadApplicationKey(path)).toMatchObject({ type: 'application', clientId: '322011' });
    await writeFile(path, keyFile());
    await expect(loadApplicationKey(path)).rejects.toMatchObject({
      code: 'invalid_key_file',
      message: expect.stringContaining('service account'),
    });
  });
});
