import { join } from 'node:path';
import { DrawbridgeError } from '@drawbridge/kit';

/** What a local stack is told; everything has a default but the folder. */
export interface StackIntent {
  /** Of the k3d cluster. Default `drawbridge`. */
  readonly name?: string;
  /** Zitadel is `sso.` before it, OpenBao `bao.`. Default `harmony.local`. */
  readonly domain?: string;
  /** The one port of host, issuer and cluster. Default 8080. */
  readonly port?: number;
  /** Whether Zitadel is part of it. Default true. */
  readonly zitadel?: boolean;
  /** A cluster that is there already, by its context in the kubeconfig; without it one is made with k3d. */
  readonly context?: string;
  /** Where that context is. Default what kubectl takes: `KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string;
  /**
   * Image of Drawbridge that gives pods Zitadel's keys by `drawbridge relay`. Without it CoreDNS leads pods to both names, which it does where it
   * imports `coredns-custom`, as that of k3s.
   */
  readonly relayImage?: string;
  /** Where keys, the kubeconfig and what is known of the stack are kept, mode 0600. */
  readonly folder: string;
}

/** A local stack, every name settled. */
export interface StackSettings {
  readonly name: string;
  readonly domain: string;
  readonly port: number;
  readonly zitadel: boolean;
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly relayImage: string | undefined;
  readonly folder: string;
  /** What identifies Zitadel, byte for byte, inside and outside the cluster. */
  readonly issuer: string;
  readonly openbao: string;
  readonly ssoHost: string;
  readonly baoHost: string;
  /** Where the one port is on this machine. */
  readonly address: string;
}

const name = /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/;
const domain = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;
/** Registry, path, tag and digest; which of them there are is the cluster's affair. */
const image = /^[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,254}$/;

/**
 * Settles what a stack is told.
 *
 * @throws {DrawbridgeError} `invalid_settings` for a name, domain or image that cannot be one
 * @example
 * ```ts
 * import { settleStack } from '@drawbridge/stack';
 *
 * const { issuer, address } = settleStack({ folder: '/home/ada/.local/share/drawbridge/stack' });
 * console.log(issuer, address); // http://sso.harmony.local:8080 127.0.0.1:8080
 * ```
 */
export function settleStack(intent: StackIntent): StackSettings {
  const stack = {
    name: intent.name ?? 'drawbridge',
    domain: intent.domain ?? 'harmony.local',
    port: intent.port ?? 8_080,
  };
  if (!name.test(stack.name))
    throw invalid(
      `"${stack.name}" is no name for a cluster.`,
      'Small letters, digits and dashes, 32 at most.',
    );
  if (!domain.test(stack.domain))
    throw invalid(`"${stack.domain}" is no domain.`, 'Two names at least, such as harmony.local.');
  if (intent.relayImage !== undefined && !image.test(intent.relayImage))
    throw invalid(
      `"${intent.relayImage}" is no image.`,
      'A name as docker pull takes it, such as drawbridge:0.1.0.',
    );
  const [ssoHost, baoHost] = [`sso.${stack.domain}`, `bao.${stack.domain}`];
  // A standard port is never in an issuer.
  const port = stack.port === 80 ? '' : `:${stack.port}`;
  return {
    ...stack,
    zitadel: intent.zitadel ?? true,
    context: intent.context,
    kubeconfig: intent.kubeconfig,
    relayImage: intent.relayImage,
    folder: intent.folder,
    issuer: `http://${ssoHost}${port}`,
    openbao: `http://${baoHost}${port}`,
    ssoHost,
    baoHost,
    address: `127.0.0.1:${stack.port}`,
  };
}

/** Files of a stack, below its folder. */
export function stackFiles({ folder }: Pick<StackSettings, 'folder'>) {
  return {
    /** Of the k3d cluster; another cluster's stays where it is. */
    kubeconfig: join(folder, 'kubeconfig'),
    /** There while k3d makes the cluster: one that is found beside it is half made. */
    making: join(folder, 'k3d-making'),
    /** The program that works on the stack now. */
    underWay: join(folder, 'under-way.json'),
    /** What unseals OpenBao, and its root token. */
    openbaoKeys: join(folder, 'openbao-keys.json'),
    openbaoRootToken: join(folder, 'openbao-root-token'),
    /** Of the machine user that Zitadel was set up with. */
    zitadelKey: join(folder, 'zitadel-admin.json'),
    /** What k3d and Helm wrote. */
    log: join(folder, 'stack.log'),
    /** What is up, and how it is reached. No secret is in it. Last: without it nobody can take the rest away. */
    state: join(folder, 'stack.json'),
  };
}

/** The image of the relay, where pods have Zitadel's keys from one. Without Zitadel there are no keys. */
export function relayOf({
  zitadel,
  relayImage,
}: Pick<StackSettings, 'zitadel' | 'relayImage'>): string | undefined {
  return zitadel ? relayImage : undefined;
}

/** How a stack's cluster is reached. */
export interface StackAccess {
  /** Without it, what kubectl takes. */
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** The access of a stack: of its own k3d cluster, or of somebody's. */
export function accessOf(settings: Pick<StackSettings, 'context' | 'kubeconfig' | 'folder'>): StackAccess {
  const { context, kubeconfig } = settings;
  if (context === undefined) return { kubeconfig: stackFiles(settings).kubeconfig };
  return { context, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
}

function invalid(message: string, fix: string): DrawbridgeError {
  return new DrawbridgeError('invalid_settings', { message, fix });
}
