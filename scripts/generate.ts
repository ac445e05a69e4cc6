import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientTypes } from './generate/client-types.ts';
import { errorsPage } from './generate/errors-page.ts';
import { requirementsPage } from './generate/requirements-page.ts';
import { root } from './support/workspace.ts';

/** Writes the documents that follow from the sources. They are committed; the gates fail when one is stale. */
const pages: Readonly<Record<string, () => string>> = {
  'docs/errors.md': errorsPage,
  'docs/requirements.md': requirementsPage,
  'packages/directory/src/client/api.ts': clientTypes,
};

for (const [path, make] of Object.entries(pages)) {
  writeFileSync(join(root, path), make());
  console.log(path);
}
