import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { buildConsole } from './support/console.ts';
import { runProgram } from './support/gate.ts';
import { layers, root } from './support/workspace.ts';

/** Third-party packages stay imports; our own are bundled from their sources. */
const bundleOwn: Plugin = {
  name: 'bundle-own',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@drawbridge/') ? undefined : { path, external: true },
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
  }
}

/** Bundles the command; what its subcommands load lazily becomes chunks of their own. */
async function bundleCommand(): Promise<void> {
  const outdir = join(root, 'apps/cli/dist');
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
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
}

/** Lays the console beside the command that serves it. */
async function addConsole(): Promise<void> {
  const complaint = await buildConsole();
  if (complaint !== undefined) throw new Error(`the console does not build:\n${complaint}`);
  cpSync(join(root, 'apps/console/dist'), join(root, 'apps/cli/dist/console'), { recursive: true });
}

await emitPackages();
await bundleCommand();
await addConsole();
