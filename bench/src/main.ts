import { parseArgs } from 'node:util';
import type { Measurement } from './report.ts';
import { print } from './report.ts';

/** Suites by name; each is loaded only when it is asked for. */
const suites: Readonly<Record<string, () => Promise<{ run(): AsyncIterable<Measurement> }>>> = {
  config: () => import('./config/index.ts'),
  console: () => import('./console/index.ts'),
  directory: () => import('./directory/index.ts'),
  events: () => import('./events/index.ts'),
  kubernetes: () => import('./kubernetes/index.ts'),
  zitadel: () => import('./zitadel/index.ts'),
};

const { positionals } = parseArgs({ allowPositionals: true });
const chosen = positionals.length > 0 ? positionals : Object.keys(suites);
const unknown = chosen.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}.`);
  process.exitCode = 2;
} else {
  let kept = true;
  for (const name of chosen) {
    console.log(name);
    const suite = await suites[name]?.();
    if (suite) kept = (await print(suite.run())) && kept;
  }
  process.exitCode = kept ? 0 : 1;
}
