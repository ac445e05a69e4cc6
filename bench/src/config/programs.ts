import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { type Measurement, round } from '../report.ts';
import type { RunningOpenbao } from './openbao.ts';

const run = promisify(execFile);
const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const rounds = 15;

/** A program and what it costs, in milliseconds: the least of several runs, since all else that a machine does only adds to it. */
export async function costs(
  programs: Readonly<Record<string, readonly string[]>>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Readonly<Record<string, number>>> {
  const best: Record<string, number> = {};
  for (let at = 0; at < rounds; at++) {
    // In turns, so that what disturbs one disturbs all.
    for (const [name, args] of Object.entries(programs)) {
      const began = performance.now();
      await run(process.execPath, [...args], { cwd: join(workspace, 'bench'), env });
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, performance.now() - began);
    }
  }
  return best;
}

/** What an import costs a program, as built; and what a whole program costs that reads one value that is kept. */
export async function* measurePrograms(openbao: RunningOpenbao): AsyncGenerator<Measurement> {
  if (!existsSync(join(workspace, 'packages/config/dist/index.js')))
    await run(process.execPath, ['scripts/build.ts'], { cwd: workspace });
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-bench-'));
  try {
    const program = join(workspace, 'node_modules/.cache/drawbridge-bench/program.mjs');
    await build({
      entryPoints: [fileURLToPath(import.meta.resolve('./program.ts'))],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    });
    const kept = [program, openbao.url, openbao.token, join(folder, 'cache')];
    // The first one asks OpenBao and keeps the answer.
    await run(process.execPath, kept);
    const code = (text: string) => ['--input-type=module', '-e', text];
    const found = await costs({
      bare: ['-e', '0'],
      module: code('0'),
      import: code("import '@drawbridge/config'"),
      openbao: code("import '@drawbridge/config/openbao'"),
      kept,
      asked: [program, openbao.url, openbao.token],
    });
    const {
      bare = 0,
      module = 0,
      import: imported = 0,
      openbao: store = 0,
      kept: cached = 0,
      asked = 0,
    } = found;
    const over = imported - module;
    yield {
      name: 'import @drawbridge/config, over bare node',
      value: `${round(over, 1)} ms`,
      budget: { text: '25 ms', kept: over <= 25 },
    };
    yield { name: 'import …/config/openbao, over bare node', value: `${round(store - module, 1)} ms` };
    yield {
      name: 'a program that reads a kept value, by node -e 0',
      value: `${round(cached / bare, 2)} × (${round(cached)} ms)`,
      budget: { text: '2.5 ×', kept: cached / bare <= 2.5 },
    };
    yield {
      name: 'the same when OpenBao has to be asked (10 ms away)',
      value: `${round(asked / bare, 2)} × (${round(asked)} ms)`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
