import { generatedFolders, manifests } from '../generate/manifests/index.ts';
import type { Gate } from '../support/gate.ts';
import { files, read } from '../support/workspace.ts';

/** The manifests and the chart are what the programs' description says, and nothing else is among them. */
export const manifestsGate: Gate = {
  name: 'manifests',
  run: async () => {
    const wanted = manifests();
    const there = new Set(generatedFolders.flatMap((folder) => files(`${folder}/**/*`)));
    const stale = [...wanted].flatMap(([path, text]) =>
      there.has(path) && read(path) === text ? [] : [`${path} is stale: run node scripts/generate.ts`],
    );
    const foreign = [...there].filter((path) => !wanted.has(path) && path.endsWith('.yaml'));
    return [...stale, ...foreign.map((path) => `${path} is not generated: it does not belong there`)];
  },
};
