import type { Gate } from '../support/gate.ts';
import { read } from '../support/workspace.ts';

/** Licences that a product under Apache-2.0 may ship with. */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PSF-2.0',
  'PostgreSQL',
  'Python-2.0',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
]);

interface Locked {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly license?: string;
  readonly version?: string;
}

/** What is shipped has a licence that allows it; tools of development are not shipped. */
export const licences: Gate = {
  name: 'licences',
  run: async () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
    return Object.entries(packages).flatMap(([path, entry]) => {
      const name = path.split('node_modules/').at(-1) ?? path;
      if (!path.includes('node_modules/') || entry.dev || entry.link) return [];
      const licence = entry.license ?? installedLicence(path);
      return isAccepted(licence)
        ? []
        : [`${name} ${entry.version ?? ''} is under ${licence ?? 'no stated licence'}`];
    });
  },
};

/** Whether a licence expression can be met with accepted licences alone. */
export function isAccepted(expression: string | undefined): boolean {
  if (!expression) return false;
  const words = expression.replace(/[()]/g, ' ').trim();
  return words
    .split(/\s+OR\s+/)
    .some((choice) => choice.split(/\s+AND\s+/).every((name) => accepted.has(name.trim())));
}

function installedLicence(path: string): string | undefined {
  try {
    return (JSON.parse(read(`${path}/package.json`)) as Locked).license;
  } catch {
    return undefined; // not installed on this platform, and the lock file states none
  }
}
