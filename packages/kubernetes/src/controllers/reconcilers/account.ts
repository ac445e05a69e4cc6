import type { KubeObject, ObjectClient, Stored } from '../../cluster/index.ts';
import type { MachineAccount, ServiceAccount } from '../../milo/index.ts';

/** Both kinds of machines; they differ in where they are and in their mail address. */
export type Account = ServiceAccount | MachineAccount;

/** The machine kinds of one control plane, as the reconciler needs them. */
export interface AccountKind<T extends Account> {
  /** @param namespace of the object, for the kind that has one */
  objects(namespace: string | undefined): ObjectClient<T>;
  email(object: Stored<T>): string;
}

/** Where the key of an account is to be kept. */
export interface KeySecretRef {
  readonly namespace: string;
  readonly name: string;
}

/** `NAMESPACE/NAME` of a Secret for the account's key; for an account in a namespace, the name alone, since it is the same. */
export const keySecretAnnotation = 'drawbridge.internal/key-secret';

/** Reads which Secret an account's key is kept in. `invalid` for what is no name of one. */
export function keySecretOf({ metadata }: KubeObject): KeySecretRef | 'invalid' | undefined {
  const value = metadata.annotations?.[keySecretAnnotation];
  if (value === undefined || value === '') return undefined;
  const [, namespace = metadata.namespace, name] = /^(?:([^/]+)\/)?([^/]+)$/.exec(value) ?? [];
  if (namespace === undefined || name === undefined || !isName(namespace) || !isName(name)) return 'invalid';
  // An account in a namespace is written by those of the namespace: they have no business in another.
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) return 'invalid';
  return { namespace, name };
}

/** A DNS name, as names of namespaces and Secrets are. */
function isName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text);
}
