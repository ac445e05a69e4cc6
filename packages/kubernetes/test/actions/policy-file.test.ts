import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@drawbridge/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openClaimsPolicy } from '../../src/index.ts';
import { until } from '../support/actions.ts';

async function policyFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-claims-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'claims.yaml');
  await writeFile(path, text);
  return path;
}

describe('a policy file', () => {
  it('is followed, and a mistake in it takes nothing away', async () => {
    const clock = new ManualClock();
    const path = await policyFile('email: never\n');
    const policy = await openClaimsPolicy({ path, clock });
    const changesTo = async (text: string, email: string) => {
      await writeFile(path, text);
      await until(async () => {
        clock.advance(5_000);
        return policy.current().email === email;
      }, text);
    };
    expect(policy.current()).toEqual({ email: 'never' });
    await changesTo('{"email": "verified"}', 'verified');
    await writeFile(path, 'email: [');
    for (let look = 0; look < 5; look += 1) {
      clock.advance(5_000);
      expect(policy.current().email).toBe('verified');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await changesTo('email: always', 'always');
  });

  it('has to be right at the start', async () => {
    await expect(openClaimsPolicy({ path: await policyFile('email: perhaps') })).rejects.toMatchObject({
      code: 'invalid_settings',
      problems: [{ field: 'email' }],
    });
    await expect(openClaimsPolicy({ path: '/nowhere/claims.yaml' })).rejects.toMatchObject({
      code: 'file_unreadable',
    });
    await expect(openClaimsPolicy({ path: await policyFile('# nothing\n') })).rejects.toMatchObject({
      code: 'invalid_settings',
    });
    expect((await openClaimsPolicy({ path: await policyFile('{}') })).current()).toEqual({});
  });
});
