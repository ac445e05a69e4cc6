import type { WaitOptions } from './wait-for.ts';

/** An object in a namespace that is waited for by its name. */
export interface NamedWait extends WaitOptions {
  readonly namespace: string;
  readonly name: string;
}

/** Follows one object alone. */
export function named(name: string): { readonly fieldSelector: string } {
  return { fieldSelector: `metadata.name=${name}` };
}
