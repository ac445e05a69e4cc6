import { DrawbridgeError, readPrivateFile, Secret } from '@drawbridge/kit';

/**
 * Resolves a reference to a secret: `file:/path/to/key.json` or `env:NAME`. The database holds references only, so that
 * a stolen copy of it opens nothing.
 *
 * @throws {DrawbridgeError} `secret_unavailable` when there is nothing behind the reference
 */
export async function resolveReference(
  reference: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Secret> {
  if (reference.startsWith('file:')) {
    return (await readPrivateFile(reference.slice('file:'.length))).content;
  }
  if (reference.startsWith('env:')) {
    const value = env[reference.slice('env:'.length)];
    if (value) return new Secret(value);
    throw new DrawbridgeError('secret_unavailable', { where: reference, why: 'The variable is not set.' });
  }
  throw new DrawbridgeError('secret_unavailable', {
    message: 'A secret is given by reference only: file:PATH or env:NAME.',
    where: 'system_integrations',
  });
}
