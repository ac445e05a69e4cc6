import type { Setting } from './values.ts';

/** Where a program answers probes: on its own port by TLS, or on one for probes and metrics. */
export interface Probes {
  readonly port: string;
  readonly scheme: 'HTTP' | 'HTTPS';
}

/** A file that a program reads from a Secret or a ConfigMap. */
export interface Mount {
  readonly name: string;
  readonly path: string;
  readonly secret?: Setting;
  readonly configMap?: Setting;
  /** Whether it starts without. */
  readonly optional?: boolean;
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** A right in one namespace, under a role that Kubernetes itself brings, or by rules. */
export interface RoleIn {
  readonly namespace: string;
  readonly name: string;
  readonly role?: string;
  readonly rules?: readonly Rule[];
}

/** What one of the four programs beside a cluster needs of it. */
export interface Program {
  /** Folder below config/base/services, and the end of every object's name. */
  readonly name: string;
  /** Name in values.yaml. */
  readonly key: string;
  readonly args: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    /** Where from: a Secret, or the ConfigMap that all have. */
    readonly secret?: Setting;
    readonly key: string;
  }[];
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  /** The port that the Service's 443 leads to; none where nobody calls it. */
  readonly served?: string;
  /** The port whose /metrics is scraped. */
  readonly metrics: { readonly port: string; readonly scheme: 'http' | 'https' };
  readonly probes: Probes;
  readonly mounts: readonly Mount[];
  /** Whether it needs a certificate; named `drawbridge-NAME-tls`. */
  readonly tls: boolean;
  /** Names of the Service beyond its own, in the certificate. */
  readonly replicas: Setting;
  readonly scaled: boolean;
  readonly resources: Setting;
  /** Whether it calls kube-apiserver. Without, its pod has no token. */
  readonly cluster: boolean;
  readonly clusterRoles: readonly string[];
  readonly rules: readonly Rule[];
  readonly roles: readonly RoleIn[];
}

export function nameOf({ name }: Pick<Program, 'name'>): string {
  return `drawbridge-${name}`;
}

export function labelsOf(program: Pick<Program, 'name'>) {
  return { ...selectorOf(program), 'app.kubernetes.io/part-of': 'drawbridge' };
}

export function selectorOf({ name }: Pick<Program, 'name'>) {
  return { 'app.kubernetes.io/name': 'drawbridge', 'app.kubernetes.io/component': name };
}
