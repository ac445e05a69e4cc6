import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseAllDocuments, stringify } from 'yaml';
import { kubeAssets } from '../../../kubernetes/test/support/kube-apiserver.ts';
import type { Chart } from '../../src/settings/index.ts';

/** Folder with the three charts, each in a folder of its name with all that it depends on. Suites that render them run where it is given. */
export const chartsFolder = process.env.E2E_CHARTS;

/** An object as a chart renders it. */
export interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

/** What `helm install` would give the cluster, hooks included, on the Kubernetes that the stack was tried with. */
export async function render({ release, namespace, chart }: Chart, values: object): Promise<string> {
  const { code, stdout, stderr } = await run(
    'helm',
    [
      ...['template', release, join(chartsFolder ?? '', chart), '--namespace', namespace, '--values', '-'],
      // The schema of Zitadel's values refers to pages of the web, and tests do without the network.
      ...['--kube-version', '1.34.0', '--include-crds', '--skip-schema-validation'],
    ],
    stringify(values),
  );
  if (code !== 0) throw new Error(`helm template ${chart}: ${stderr}`);
  return stdout;
}

export function objectsIn(manifest: string): readonly Rendered[] {
  return parseAllDocuments(manifest).flatMap((document) => (document.toJS() as Rendered | null) ?? []);
}

/** Has a server check objects as strictly as it can, and change nothing; gives what it said. */
export async function dryRun(
  kubeconfig: string,
  namespace: string,
  manifest: string,
): Promise<{ readonly taken: number; readonly complaints: readonly string[] }> {
  const flags = ['--server-side', '--validate=strict', '--dry-run=server', '--namespace', namespace];
  const { stdout, stderr } = await kubectl(kubeconfig, ['apply', ...flags, '-f', '-'], manifest);
  const taken = stdout.split('\n').filter((line) => line.endsWith(' (server dry run)')).length;
  return { taken, complaints: stderr.split('\n').filter((line) => line !== '') };
}

export async function kubectl(kubeconfig: string, args: readonly string[], stdin = '') {
  return await run(join(kubeAssets ?? '', 'kubectl'), ['--kubeconfig', kubeconfig, ...args], stdin);
}

async function run(program: string, args: readonly string[], stdin: string) {
  const child = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
