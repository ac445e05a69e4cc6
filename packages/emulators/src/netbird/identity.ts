import { randomUUID } from 'node:crypto';

/** A person as an identity provider knows it. */
export interface IdpPerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/**
 * The identity provider as NetBird's manager reaches it, for one organization of a Zitadel say. Persons whom it does not list are
 * shown with defaults by NetBird (management/server/idp/idp.go, management/server/user.go).
 */
export interface IdpManager {
  /** Everybody whom the manager sees. */
  list(): Promise<readonly IdpPerson[]>;
  /** Makes a person there. */
  create(person: { readonly email: string; readonly name: string }): Promise<IdpPerson>;
}

/** An identity provider that lives in memory, for tests. */
export function createMemoryIdp(people: readonly IdpPerson[] = []): IdpManager & {
  /** Adds somebody, as by hand at the provider. */
  add(person: IdpPerson): void;
} {
  const known = [...people];
  return {
    list: () => Promise.resolve(known),
    create: (person) => {
      const made = { id: randomUUID(), ...person };
      known.push(made);
      return Promise.resolve(made);
    },
    add: (person) => {
      known.push(person);
    },
  };
}
