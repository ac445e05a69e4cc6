import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clientTypes } from './generate/client-types.ts';
import { errorsPage } from './generate/errors-page.ts';
import { generatedFolders, manifests } from './generate/manifests/index.ts';
import { requirementsPage } from './generate/requirements-page.ts';
import { root } from './support/workspace.ts';

/** Writes the documents that follow from the sources. They are committed; the gates fail when one is stale. */
const pages: Readonly<Record<string, () => string>> = {
  'docs/errors.md': errorsPage,
  'docs/requirements.md': requirementsPage,
  'packages/directory/src/client/api.ts': clientTypes,
};

for (const [path, make] of Object.entries(pages)) write(path, make());
const files = manifests();
for (const folder of generatedFolders) rmSync(join(root, folder), { recursive: true, force: true });
for (const [path, text] of files) write(path, text);

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(path);
}
