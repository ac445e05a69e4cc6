import type { Clock, Secret } from '@drawbridge/kit';
import type { Openbao, OpenbaoOptions } from '@drawbridge/openbao';
import type { StackAccess, StackSettings } from '../settings/index.ts';
import type { Helm, K3d } from '../tools/index.ts';
import type { StackKube, Waiting } from './stack-kube.ts';

/** The parts of a stack, in the order in which they are made. */
export type PhaseName =
  | 'cluster'
  | 'postgres'
  | 'database'
  | 'zitadel'
  | 'openbao'
  | 'network'
  | 'ready'
  | 'sign-in';

/** What phases work with. */
export interface Workshop {
  readonly settings: StackSettings;
  readonly k3d: K3d;
  /** Known once there is a cluster. */
  cluster(): { readonly kube: StackKube; readonly helm: Helm };
  /** Opens what a kubeconfig leads to. */
  open(access: StackAccess): void;
  openOpenbao(options: OpenbaoOptions): Openbao;
  /** Looks at an URL by way of an address, as a browser with the right name would. */
  look(url: string, options: { readonly address: string; readonly signal: AbortSignal }): Promise<Looked>;
  /** Lets OpenBao believe Zitadel's sign-ins; gives the application that people sign in to. */
  wireSignIn(options: SignInWork): Promise<SignIn>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Uniform random bytes, for what is made up. */
  readonly randomText: (length: number) => string;
}

export interface Looked {
  readonly status: number;
  readonly body: unknown;
}

/** What people sign in to. */
export interface SignIn {
  readonly clientId: string;
  readonly projectId: string;
}

/** What a part came to. */
export interface Outcome {
  /** In a few words. */
  readonly text: string;
  readonly signIn?: SignIn;
}

export interface SignInWork {
  readonly settings: StackSettings;
  readonly zitadelKey: string;
  readonly rootToken: Secret;
  readonly signal: AbortSignal;
}

/** One part: it looks at what there is and does what is missing, however often it is run. */
export interface Phase {
  readonly name: PhaseName;
  /** Whether it belongs to the stack at all. */
  readonly wanted?: (settings: StackSettings) => boolean;
  /** What is said of it in a plan. */
  readonly about: (settings: StackSettings) => string;
  run(workshop: Workshop, waiting: Waiting): Promise<Outcome>;
}
