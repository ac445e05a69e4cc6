import type { MetadataMap } from './metadata.ts';

/** The metadata keys by which we recognise what we made. */
export const ownerKeys = {
  /** Which installation made it. */
  owner: 'drawbridge.owner',
  /** For which tenant. */
  tenant: 'drawbridge.tenant',
  /** Its name on our side: the local user's id. */
  ref: 'drawbridge.ref',
} as const;

/** Who made an object, for whom, and what we call it. */
export interface OwnerMark {
  readonly owner: string;
  readonly tenant: string;
  readonly ref: string;
}

/**
 * The mark as metadata, for a create.
 *
 * @example
 * ```ts
 * import { ownerMetadata } from '@drawbridge/zitadel';
 *
 * console.log(ownerMetadata({ owner: 'drawbridge', tenant: 'acme', ref: '7q2f' })['drawbridge.tenant']); // acme
 * ```
 */
export function ownerMetadata(mark: OwnerMark): MetadataMap {
  return { [ownerKeys.owner]: mark.owner, [ownerKeys.tenant]: mark.tenant, [ownerKeys.ref]: mark.ref };
}

/** The mark in metadata; undefined unless all three are there: a half mark is not ours. */
export function readOwner(metadata: ReadonlyMap<string, string>): OwnerMark | undefined {
  const owner = metadata.get(ownerKeys.owner);
  const tenant = metadata.get(ownerKeys.tenant);
  const ref = metadata.get(ownerKeys.ref);
  return owner && tenant && ref ? { owner, tenant, ref } : undefined;
}

/** Whether two marks name the same object. */
export function sameOwner(one: OwnerMark | undefined, other: OwnerMark | undefined): boolean {
  return (
    one !== undefined &&
    other !== undefined &&
    one.owner === other.owner &&
    one.tenant === other.tenant &&
    one.ref === other.ref
  );
}

/**
 * The metadata key that says who deactivated a user: `directory:RUN` or `controller:UID`. Directory and controller may
 * serve one instance; each reactivates only what it deactivated itself.
 */
export const deactivatedByKey = 'drawbridge.deactivated-by';
