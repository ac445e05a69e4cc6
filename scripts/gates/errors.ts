import { errorRegistry, isErrorCode } from '../../packages/kit/src/index.ts';
import { errorsPage } from '../generate/errors-page.ts';
import type { Gate } from '../support/gate.ts';
import { files, read } from '../support/workspace.ts';

/** Registry, documents and use of the error codes are equal. */
export const errors: Gate = {
  name: 'errors',
  run: async () => {
    const sources = files('packages/*/src/**/*.ts', 'apps/*/src/**/*.{ts,tsx}').filter(
      (file) => !file.startsWith('packages/kit/src/errors/codes-'),
    );
    const texts = sources.map((file) => ({ file, text: read(file) }));
    const all = texts.map(({ text }) => text).join('\n');
    const complaints = Object.keys(errorRegistry)
      .filter((code) => !new RegExp(`['"]${code}['"]|\\b${code}: [{'"]`).test(all))
      .map((code) => `${code} is registered and raised nowhere`);
    for (const { file, text } of texts) {
      for (const code of documentedCodes(text)) {
        if (!isErrorCode(code)) complaints.push(`${file} documents ${code}, which is not registered`);
      }
    }
    if (readOr('docs/errors.md') !== errorsPage())
      complaints.push('docs/errors.md is stale: run node scripts/generate.ts');
    return complaints;
  },
};

/** The codes that `@throws {DrawbridgeError}` lines of a text name; a word without underscore may be anything. */
export function documentedCodes(text: string): string[] {
  return [...text.matchAll(/@throws \{DrawbridgeError\}([^\n]*)/g)].flatMap(([, line]) =>
    [...(line ?? '').matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].flatMap(([, code]) => code ?? []),
  );
}

function readOr(path: string): string | undefined {
  return files(path).length === 0 ? undefined : read(path);
}
