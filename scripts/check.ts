import { performance } from 'node:perf_hooks';
import { parseArgs, styleText } from 'node:util';
import { boundaries } from './gates/boundaries.ts';
import { build } from './gates/build.ts';
import { client } from './gates/client.ts';
import { errors } from './gates/errors.ts';
import { examples } from './gates/examples.ts';
import { licences } from './gates/licences.ts';
import { manifestsGate } from './gates/manifests.ts';
import { requirements } from './gates/requirements.ts';
import { workplace } from './gates/workplace.ts';
import { type Gate, programGate, unlisted } from './support/gate.ts';

/** Cheap ones first, so that most mistakes are told within seconds. */
const gates: readonly Gate[] = [
  programGate('format', ['biome', 'format', '.']),
  programGate(
    'lint',
    ['biome', 'lint', '--error-on-warnings', '.'],
    ['oxlint', '--type-aware', '--deny-warnings'],
  ),
  programGate(
    'types',
    ['tsc', '-p', 'tsconfig.json', '--pretty', 'false'],
    // A page runs in a browser, whose types would let servers name what they have not.
    ['tsc', '-p', 'apps/console', '--pretty', 'false'],
  ),
  boundaries,
  programGate('dead code', ['knip', '--no-progress'], ['knip', ...unlisted]),
  examples,
  errors,
  client,
  requirements,
  manifestsGate,
  workplace,
  licences,
  build,
  programGate('tests', ['vitest', 'run', '--reporter=dot']),
];

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    without: { type: 'string', multiple: true },
  },
});
const unknown = [...(values.only ?? []), ...(values.without ?? [])].filter(
  (asked) => !gates.some(({ name }) => name === asked),
);
if (unknown.length > 0) {
  console.error(
    `There is no gate ${unknown.join(', ')}; there are ${gates.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const chosen = gates.filter(
  ({ name }) => (values.only?.includes(name) ?? true) && !values.without?.includes(name),
);

let failed = 0;
for (const gate of chosen) {
  const began = performance.now();
  // A gate that breaks has not been passed.
  const complaints = await gate.run().catch((error: unknown) => [String(error)]);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1).padStart(6);
  const glyph = complaints.length === 0 ? styleText('green', '✓') : styleText('red', '✗');
  console.log(`${glyph} ${gate.name.padEnd(14)}${seconds} s`);
  for (const complaint of complaints) console.log(complaint.replace(/^/gm, '    '));
  if (complaints.length > 0) failed++;
}
console.log(
  failed === 0 ? `\nAll ${chosen.length} gates passed.` : `\n${failed} of ${chosen.length} gates failed.`,
);
process.exitCode = failed === 0 ? 0 : 1;
