import { Secret } from '@drawbridge/kit';
import type { FoundTarget } from '@drawbridge/zitadel';
import { signingKeysFile } from '../credential-folder.ts';
import { keyOf } from '../names.ts';
import { known } from './known.ts';
import type { Planning, Run } from './planning.ts';

/**
 * The file with the signing keys of targets, as the actions server reads it. Zitadel shows them whenever it is asked, so the file is
 * written again where it lacks one.
 */
export function planSigningKeys(planning: Planning): void {
  const { wish, reading, present, changes } = planning;
  const names = Object.keys(wish.targets);
  const foreign = names.filter((name) => reading.targets.has(name) && !present.targets.has(name));
  const own = names.filter((name) => !foreign.includes(name));
  const lines = reading.signingKeys?.expose().split('\n') ?? [];
  const isComplete = own.every((name) => {
    const key = reading.targets.get(name)?.signingKey?.expose();
    return key !== undefined && lines.includes(key);
  });
  if (isComplete) return;
  changes.push({
    action: reading.signingKeys ? 'update' : 'create',
    title: 'file with the signing keys of targets',
    fields: [{ field: 'file', to: signingKeysFile }],
    make: async (run) => await writeSigningKeys(run, own),
  });
}

async function writeSigningKeys(
  { zitadel, ledger, credentials, clock, call }: Run,
  names: readonly string[],
) {
  const ids = new Map(names.map((name) => [ledger.get(keyOf.target(name))?.id, name]));
  const isOurs = ({ id }: FoundTarget) => ids.has(id);
  const targets = await known(
    async () => (await zitadel.actions.listTargets({}, call).all()).filter(isOurs),
    (found) => found.length === names.length,
    { clock, call },
  );
  const text = targets
    .map(({ id, signingKey }) => `# target ${ids.get(id)}\n${signingKey?.expose() ?? ''}\n`)
    .join('');
  await credentials.write(signingKeysFile, new Secret(text));
}
