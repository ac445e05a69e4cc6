import { DrawbridgeError, readPrivateFile, Secret } from '@drawbridge/kit';
import { isSealed, type SealedPlace, type Sealer } from '../sealing/index.ts';

/** What references are resolved with. */
export interface ReferenceOptions {
  readonly sealer: Sealer;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Resolves what the database holds of a secret: `file:/path/to/key.json`, `env:NAME`, or a value that is sealed for this
 * very row. It never holds a plain one, so that a stolen copy of it opens nothing.
 *
 * @throws {DrawbridgeError} `secret_unavailable` when there is nothing behind the reference, `seal_broken`
 */
export async function resolveReference(
  reference: string,
  place: SealedPlace,
  { sealer, env = process.env }: ReferenceOptions,
): Promise<Secret> {
  if (isSealed(reference)) return sealer.open(reference, place);
  if (reference.startsWith('file:')) {
    return (await readPrivateFile(reference.slice('file:'.length))).content;
  }
  if (reference.startsWith('env:')) {
    const value = env[reference.slice('env:'.length)];
    if (value) return new Secret(value);
    throw new DrawbridgeError('secret_unavailable', { where: reference, why: 'The variable is not set.' });
  }
  throw new DrawbridgeError('secret_unavailable', {
    message: 'A secret is sealed or given by reference: file:PATH or env:NAME.',
    where: place.purpose,
  });
}

/**
 * What the database is to hold of a secret that somebody gives: a reference as it is, anything else sealed for its row.
 *
 * @throws {DrawbridgeError} `invalid_settings` when it would have to be sealed and there is no lasting key
 */
export function keepSecret(value: Secret, place: SealedPlace, sealer: Sealer): string {
  const text = value.expose().trim();
  if (/^(file|env):\S+$/.test(text)) return text;
  sealer.requireLasting();
  return sealer.seal(value, place);
}
