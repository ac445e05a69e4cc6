import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their sources through one condition, the same as in node and tsc.
const conditions = ['@drawbridge/source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'apps/*/{src,test}/**/*.test.ts',
      'e2e/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    globalSetup: ['scripts/support/vitest-setup.ts'],
    testTimeout: 30_000,
    // Of what is asked again and again until it holds: a second is short on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
    pool: 'forks',
    // Most of them wait most of the time; by default one core is left free, which of two is half.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
