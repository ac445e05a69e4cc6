import { cpSync, globSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { buildConsole } from './support/console.ts';
import { runProgram } from './support/gate.ts';
import { layers, readManifest, root } from './support/workspace.ts';

/** Third-party packages stay imports; our own are bundled from their sources. */
const bundleOwn: Plugin = {
  name: 'bundle-own',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      // That nothing of it is used means that it is not loaded: a short command does not wait for a server's parts.
      kind === 'entry-point' || path.startsWith('@drawbridge/')
        ? undefined
        : { path, external: true, sideEffects: false },
    );
  },
};

/** Emits every package with its declarations, from the bottom up, since each is compiled against those below as built. */
async function emitPackages(): Promise<void> {
  for (const folder of layers.filter((layer) => layer.startsWith('packages/'))) {
    rmSync(join(root, folder, 'dist'), { recursive: true, force: true });
    const { code, output } = await runProgram('tsc', [
      '-p',
      join(folder, 'tsconfig.build.json'),
      '--pretty',
      'false',
    ]);
    if (code !== 0) throw new Error(`${folder} does not compile:\n${output}`);
    if (joined.has(folder)) await joinModules(folder);
  }
}

/**
 * Packages that programs load before anything else: node takes a third of a millisecond for each file, and they have dozens. Their
 * doors become one file each, with what several doors share in a common one, so that no class is there twice.
 */
const joined: ReadonlySet<string> = new Set(['packages/kit', 'packages/config']);

async function joinModules(folder: string): Promise<void> {
  const dist = join(root, folder, 'dist');
  const doors = Object.values(readManifest(folder).exports ?? {}).map((door) =>
    join(root, folder, (door as { readonly default: string }).default),
  );
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: doors,
    outbase: dist,
    outdir: dist,
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    packages: 'external',
    sourcemap: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  // What was joined is there twice otherwise.
  for (const file of globSync('**/*.js{,.map}', { cwd: dist }))
    if (!Object.hasOwn(metafile.outputs, join(folder, 'dist', file))) rmSync(join(dist, file));
}

/** Bundles the command; what its subcommands load lazily becomes chunks of their own. */
async function bundleCommand(): Promise<void> {
  const outdir = join(root, 'apps/cli/dist');
  rmSync(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: ['apps/cli/src/main.ts'],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    conditions: ['@drawbridge/source'],
    plugins: [bundleOwn],
    sourcemap: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  requireDependencies(Object.values(metafile.outputs).flatMap(({ imports }) => imports));
}

/** What the bundle leaves to be imported has to be installed with the command, and not only somewhere in this workspace. */
function requireDependencies(
  imports: readonly { readonly path: string; readonly external?: boolean }[],
): void {
  const manifest = readFileSync(join(root, 'apps/cli/package.json'), 'utf8');
  const { dependencies, optionalDependencies } = JSON.parse(manifest) as {
    dependencies: Record<string, string>;
    optionalDependencies: Record<string, string>;
  };
  const packages = imports
    .filter(({ path, external }) => external && !path.startsWith('node:') && !isBuiltin(path))
    .map(({ path }) =>
      path.startsWith('@') ? path.split('/').slice(0, 2).join('/') : (path.split('/')[0] ?? path),
    );
  const needed = new Set(packages);
  const listed = Object.keys({ ...dependencies, ...optionalDependencies });
  const named = new Set(listed.filter((name) => !name.startsWith('@drawbridge/')));
  const wrong = [...needed.symmetricDifference(named)].sort();
  if (wrong.length > 0)
    throw new Error(`apps/cli/package.json and the imports of the bundle differ in: ${wrong.join(', ')}`);
}

/** Lays the console beside the command that serves it. */
async function addConsole(): Promise<void> {
  const complaint = await buildConsole();
  if (complaint !== undefined) throw new Error(`the console does not build:\n${complaint}`);
  cpSync(join(root, 'apps/console/dist'), join(root, 'apps/cli/dist/console'), { recursive: true });
}

/** What to build may be named; by default it is all. */
const parts = { packages: emitPackages, command: bundleCommand, console: addConsole } as const;
const [chosen] = process.argv.slice(2);
for (const [name, make] of Object.entries(parts)) if (chosen === undefined || chosen === name) await make();
