import { type Gate, runProgram } from '../support/gate.ts';
import { layers, readManifest } from '../support/workspace.ts';

/** What is shipped can be built, and works as built: every door of every package as an import, the command as a program. */
export const build: Gate = {
  name: 'build',
  run: async () => {
    const built = await runProgram('node', ['scripts/build.ts']);
    if (built.code !== 0) return [built.output];
    const complaints: string[] = [];
    for (const folder of layers.filter((layer) => layer.startsWith('packages/'))) {
      const { name, exports = {} } = readManifest(folder);
      for (const [door, conditions] of Object.entries(exports)) {
        const specifier = `${name}${door.slice(1)}`;
        const file = (conditions as { readonly default: string }).default.slice(1);
        const script = `const url = import.meta.resolve('${specifier}'); if (!url.endsWith('${file}')) throw new Error(url); await import(url);`;
        const { code, output } = await runProgram('node', ['--input-type=module', '-e', script]);
        if (code !== 0) complaints.push(`${specifier} cannot be imported as built: ${output}`);
      }
    }
    const { code, output } = await runProgram('node', ['apps/cli/bin/drawbridge.cjs', 'version']);
    if (code !== 0 || !/\d+\.\d+\.\d+/.test(output))
      complaints.push(`the built command does not answer "version": ${output}`);
    return complaints;
  },
};
