import { Secret } from '@drawbridge/kit';
import { stringify } from 'yaml';
import { type CredentialFolder, signingKeysFile } from '../credential-folder.ts';
import type { SetupCredential, SetupValues } from './values.ts';

/**
 * What the folder has, as Secrets of Kubernetes: one for each account and application, so that each program is given its own. Names
 * are those that the manifests of Drawbridge use, where they name one.
 *
 * @returns the manifests, secrets included
 */
export async function setupAsSecrets(
  { applications, accounts, signingKeys }: SetupValues,
  folder: CredentialFolder,
  namespace: string,
): Promise<Secret> {
  const documents: string[] = [];
  const add = async (
    name: string,
    key: string,
    file: string,
    more: Readonly<Record<string, string>> = {},
  ) => {
    const content = await folder.read(file);
    if (content) {
      const data = { [key]: content.expose(), ...more };
      documents.push(stringify(manifest(name, namespace, data), { lineWidth: 0 }));
    }
  };
  for (const [name, { credential }] of Object.entries(accounts))
    if (credential) await add(`drawbridge-${name}-key`, 'key.json', credential.file);
  for (const [name, { clientId, credential }] of Object.entries(applications)) {
    if (!credential) continue;
    const { secret, key, more } = placeOf(name, credential, clientId);
    await add(secret, key, credential.file, more);
  }
  if (signingKeys !== undefined) await add('drawbridge-signing-keys', 'keys', signingKeysFile);
  return new Secret(documents.join('---\n'));
}

function placeOf(name: string, { kind }: SetupCredential, clientId: string) {
  if (name === 'drawbridge/token-review')
    return { secret: 'drawbridge-application-key', key: 'application.json', more: {} };
  const secret = `${name.replaceAll('/', '-')}-${kind}`;
  return kind === 'key'
    ? { secret, key: 'application.json', more: {} }
    : { secret, key: 'client-secret', more: { 'client-id': clientId } };
}

function manifest(name: string, namespace: string, stringData: Readonly<Record<string, string>>) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'drawbridge' } },
    type: 'Opaque',
    stringData,
  };
}
