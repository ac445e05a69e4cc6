import { dirname, join, normalize } from 'node:path';
import type { Gate } from '../support/gate.ts';
import { importsOf } from '../support/imports.ts';
import { files, layers, read, readManifest } from '../support/workspace.ts';

/** Packages import only downwards, through the front door, and never each other's files; folders keep their front doors too. */
export const boundaries: Gate = {
  name: 'boundaries',
  run: async () => {
    const rank = new Map(layers.map((folder, at) => [readManifest(folder).name, at]));
    return layers.flatMap((folder, at) =>
      files(`${folder}/src/**/*.{ts,tsx}`, `${folder}/test/**/*.ts`).flatMap((file) =>
        importsOf(read(file)).flatMap(({ specifier, line }) => {
          const complaint = specifier.startsWith('.')
            ? insideComplaint(folder, file, specifier)
            : packageComplaint(specifier, at, rank);
          return complaint ? [`${file}:${line} ${complaint}`] : [];
        }),
      ),
    );
  },
};

/** Front doors beside a package's main one, as its package.json exports them. */
const doors: ReadonlySet<string> = new Set(
  layers.flatMap((folder) => {
    const { name, exports = {} } = readManifest(folder);
    return Object.keys(exports).flatMap((path) => (path === '.' ? [] : [`${name}${path.slice(1)}`]));
  }),
);

/** What is wrong with importing a package from the layer number `from`. */
export function packageComplaint(
  specifier: string,
  from: number,
  rank: ReadonlyMap<string, number>,
): string | undefined {
  const [name, deep] = /^(@drawbridge\/[^/]+|drawbridge)(\/.*)?$/.exec(specifier)?.slice(1) ?? [];
  if (name === undefined) return undefined;
  if (deep && !doors.has(specifier)) return `reaches past the front door of ${name}`;
  const to = rank.get(name);
  if (to === undefined) return `imports ${name}, which is not a package here`;
  return to > from ? `imports ${name}, which stands above it` : undefined;
}

/**
 * What serves the tests of packages above as well: what kit's make certificates and servers with, and the kube-apiserver, stand-in or
 * real, of those of kubernetes.
 */
const lent = ['packages/kit/test/support/', 'packages/kubernetes/test/support/'];

/** What is wrong with a relative import: out of the package, or past the front door of another folder of `src`. */
export function insideComplaint(folder: string, file: string, specifier: string): string | undefined {
  const target = normalize(join(dirname(file), specifier));
  if (file.startsWith(`${folder}/test/`) && lent.some((place) => target.startsWith(place))) return undefined;
  if (!target.startsWith(`${folder}/`)) return `leaves its package with ${specifier}`;
  const own = topFolder(folder, file);
  const other = topFolder(folder, target);
  if (other === undefined || own === undefined || other === own) return undefined;
  return target === `${folder}/src/${other}/index.ts`
    ? undefined
    : `reaches past the front door of src/${other}`;
}

function topFolder(folder: string, file: string): string | undefined {
  return new RegExp(`^${folder}/src/([^/]+)/`).exec(file)?.[1];
}
