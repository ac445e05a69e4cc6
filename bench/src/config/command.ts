import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Measurement, round } from '../report.ts';
import type { RunningOpenbao } from './openbao.ts';
import { costs } from './programs.ts';

const run = promisify(execFile);
const workspace = fileURLToPath(import.meta.resolve('../../../'));

/** What `drawbridge config get` costs as it is installed: the launcher and the bundle, without sources beside them. */
export async function* measureCommand(openbao: RunningOpenbao): AsyncGenerator<Measurement> {
  await run(process.execPath, ['scripts/build.ts', 'command'], { cwd: workspace });
  const installed = join(workspace, 'node_modules/.cache/drawbridge-bench/cli');
  const home = mkdtempSync(join(tmpdir(), 'drawbridge-bench-'));
  try {
    for (const part of ['bin', 'dist', 'package.json'])
      cpSync(join(workspace, 'apps/cli', part), join(installed, part), { recursive: true });
    const get = [join(installed, 'bin/drawbridge.cjs'), 'config', 'get', 'key-a1.url', '--app', 'bench'];
    const env = {
      PATH: process.env.PATH,
      DRAWBRIDGE_DATA_DIR: home,
      NODE_COMPILE_CACHE: join(home, 'compiled'),
      OPENBAO_URL: openbao.url,
      OPENBAO_TOKEN: openbao.token,
    };
    // The first one asks OpenBao and keeps the answer; the second one finds everything compiled.
    for (let at = 0; at < 2; at++) await run(process.execPath, get, { env });
    const {
      bare = 0,
      cached = 0,
      asked = 0,
    } = await costs({ bare: ['-e', '0'], cached: get, asked: [...get, '--fresh'] }, env);
    yield {
      name: 'drawbridge config get, kept value, by node -e 0',
      value: `${round(cached / bare, 2)} × (${round(cached)} ms)`,
      budget: { text: '2.5 ×', kept: cached / bare <= 2.5 },
    };
    yield {
      name: 'the same with --fresh (10 ms away)',
      value: `${round(asked / bare, 2)} × (${round(asked)} ms)`,
    };
    yield* measureBao(openbao, bare);
  } finally {
    rmSync(home, { recursive: true, force: true });
    rmSync(installed, { recursive: true, force: true });
  }
}

/** OpenBao's own command for the same value, where `BENCH_BAO` names it. */
async function* measureBao({ url, token }: RunningOpenbao, bare: number): AsyncGenerator<Measurement> {
  const bao = process.env.BENCH_BAO;
  if (!bao) return;
  const env = { PATH: process.env.PATH, BAO_ADDR: url, BAO_TOKEN: token, HOME: '/nonexistent' };
  let best = Number.POSITIVE_INFINITY;
  for (let at = 0; at < 10; at++) {
    const began = performance.now();
    await run(bao, ['kv', 'get', '-field=url', 'secret/bench/dev/key-a1'], { env });
    best = Math.min(best, performance.now() - began);
  }
  yield {
    name: 'bao kv get of the same (10 ms away, twice: it asks for the engine first)',
    value: `${round(best / bare, 2)} × (${round(best)} ms)`,
  };
}
