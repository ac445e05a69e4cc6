import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialFolder, setupAsEnv, setupValues } from '@drawbridge/stack';
import { expect, it } from 'vitest';
import { everything, startPlace } from './support.ts';

it('variables lead to no file that this machine has not got', async () => {
  const place = await startPlace();
  const wish = everything();
  const left = await place.apply(wish);
  const shown = async () =>
    setupAsEnv(await setupValues('https://sso.acme.example', wish, left, credentialFolder(place.folder)));
  const file = join(place.folder, 'application-drawbridge-token-review.json');
  expect(await shown()).toContain(
    `\nDRAWBRIDGE_APPLICATION_KEY_PATH=${file}\nDRAWBRIDGE_AUDIENCES=drawbridge\n`,
  );
  await rm(file);
  await rm(join(place.folder, 'account-directory.json'));
  const elsewhere = await shown();
  expect(elsewhere).not.toContain('DRAWBRIDGE_APPLICATION_KEY_PATH');
  expect(elsewhere).toContain('\nDRAWBRIDGE_AUDIENCES=drawbridge\n');
  expect(elsewhere).toContain(`#   its key: ${file}  (not on this machine)\n`);
  expect(elsewhere).toContain('account-directory.json  (not on this machine)\n');
});
