import { readFile, stat } from 'node:fs/promises';
import { createZitadel, loadServiceAccount } from '@drawbridge/zitadel';
import { expect, it } from 'vitest';
import { startDrawbridge } from './support/command.ts';

it('emulate zitadel gives an instance and the key that opens it, and takes both away at its end', async () => {
  const emulated = await startDrawbridge(['emulate', 'zitadel', '--port', '0']);
  const { issuer, serviceAccountKey, organizationId } = emulated.ready as Record<string, string>;
  try {
    expect(((await stat(serviceAccountKey ?? '')).mode & 0o777).toString(8)).toBe('600');
    const zitadel = createZitadel({
      issuer: issuer ?? '',
      credentials: await loadServiceAccount(serviceAccountKey ?? ''),
    });
    expect((await zitadel.organizations.list().all()).map(({ id }) => id)).toEqual([organizationId]);
    expect((await zitadel.probe()).version).toMatch(/^4\./);
    await zitadel.close();
  } finally {
    expect(await emulated.kill('SIGTERM')).toBe(0);
  }
  await expect(stat(serviceAccountKey ?? '')).rejects.toMatchObject({ code: 'ENOENT' });
});

it('emulate netbird gives an account and the token that opens it, and takes both away at its end', async () => {
  const emulated = await startDrawbridge(['emulate', 'netbird', '--port', '0']);
  const { url, token = '' } = emulated.ready as Record<string, string>;
  try {
    expect(((await stat(token)).mode & 0o777).toString(8)).toBe('600');
    const authorization = `Token ${(await readFile(token, 'utf8')).trim()}`;
    const groups = await fetch(`${url}/api/groups`, { headers: { authorization } });
    expect(await groups.json()).toMatchObject([{ name: 'All' }]);
  } finally {
    expect(await emulated.kill('SIGTERM')).toBe(0);
  }
  await expect(stat(token)).rejects.toMatchObject({ code: 'ENOENT' });
});
