import { join } from 'node:path';
import { writeFileAtomic } from '@drawbridge/kit';

/** What kubectl has to know. */
export interface KubeAccess {
  readonly server: string;
  /** PEM of the authority of the server's certificate. */
  readonly ca: string;
  /** File with the token, read anew by whoever uses it. */
  readonly tokenFile: string;
  readonly user: string;
}

/** Writes the kubeconfig of `dev`, for the owner only. @returns its path */
export async function writeKubeconfig(
  folder: string,
  { server, ca, tokenFile, user }: KubeAccess,
): Promise<string> {
  const { stringify } = await import('yaml');
  const name = 'drawbridge-dev';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: user, user: { tokenFile } }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  };
  const path = join(folder, 'kubeconfig');
  await writeFileAtomic(path, stringify(config, { lineWidth: 0 }), { mode: 0o600 });
  return path;
}
