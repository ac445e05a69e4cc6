import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createConfigManager, defineConfig, environmentSource } from '@drawbridge/config';
import { createOpenbaoSession, openbaoSource } from '@drawbridge/config/openbao';
import { Secret } from '@drawbridge/kit/core';
import { type Measurement, round } from '../report.ts';
import type { RunningOpenbao } from './openbao.ts';
import { schema } from './schema.ts';

const latencyMs = 10;
const atOnce = 16;

/** A thousand keys: from OpenBao, from the disk of this machine, and from memory. */
export async function* measureKeys(openbao: RunningOpenbao, count: number): AsyncGenerator<Measurement> {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'drawbridge-bench-'));
  const definitions = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`k${at}`, defineConfig(`key-a${at}`, schema)]),
  );
  const open = () => {
    const as = { kind: 'token', token: new Secret(openbao.token) } as const;
    const session = createOpenbaoSession({ url: openbao.url, as });
    const store = openbaoSource({ session, app: 'bench', environment: 'dev', cacheFolder });
    const config = createConfigManager({ sources: [environmentSource(), store] });
    return { config, end: () => config.close().then(() => session.close()) };
  };
  const time = async (work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  try {
    const first = open();
    const online = await time(() => first.config.getAll(definitions));
    const least = (count / atOnce) * latencyMs;
    yield {
      name: `${round(count)} keys from OpenBao, by what ${atOnce} calls at once allow`,
      value: `${round(online / least, 2)} × (${round(online)} ms)`,
    };
    const memory = await time(() => first.config.getAll(definitions));
    await first.end();
    const second = open();
    const disk = await time(() => second.config.getAll(definitions));
    await second.end();
    yield {
      name: `${round(count)} keys from disk, by OpenBao`,
      value: `${round(disk / online, 3)} × (${round(disk)} ms)`,
    };
    yield {
      name: `${round(count)} keys from memory, each`,
      value: `${round((memory * 1_000) / count, 1)} µs`,
    };
  } finally {
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}
