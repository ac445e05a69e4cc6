import type { SubjectAccess } from '../access/index.ts';
import type { Caller } from '../caller/index.ts';
import type { FieldTerm } from '../query/index.ts';
import type { Column, Entry, ResourceName } from '../wire/index.ts';
import type { Schema } from './schema.ts';

/** Verbs as discovery names them. */
export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list';

/** What clients are told of a resource before they use it. */
export interface ResourceDescription {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly categories: readonly string[];
  readonly verbs: readonly Verb[];
  /** Fields beside `metadata.name` that objects can be selected by. */
  readonly fields: readonly string[];
  readonly columns: readonly Column[];
  /** Of the whole object, without `apiVersion`, `kind` and `metadata`. */
  readonly schema: Schema;
}

/** One request, as far as a resource has to know of it. */
export interface Call {
  readonly caller: Caller;
  /** The resource under the group that it was asked for in. */
  readonly resource: ResourceName;
  readonly signal: AbortSignal;
}

/** Which objects a list wants. What a resource cannot ask Zitadel for is filtered afterwards. */
export interface ListRequest {
  readonly fields: readonly FieldTerm[];
  /** When the last object of the page before was created; those of that moment come again. */
  readonly from?: string;
  /** How many will be taken at most; absent for all. */
  readonly atMost?: number;
}

/** An object with what orders a list. */
export interface Listed extends Entry {
  /** When it was created, as Zitadel wrote it: finer than a timestamp of Kubernetes. */
  readonly createdAt: string;
  /** Values of the fields that it can be selected by. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What a caller wants made, its form checked. */
export interface NewObject {
  /** Empty where a name is to be made of `generateName`. */
  readonly name: string;
  readonly generateName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** One kind of object, as it is made of what Zitadel has. Each method shows that the caller may, or throws. */
export interface VirtualResource {
  readonly description: ResourceDescription;
  /** In the order of creation. @throws {StatusError} `forbidden` */
  list(call: Call, request: ListRequest, verb: 'list' | 'deletecollection'): AsyncIterable<Listed>;
  /** @throws {StatusError} `not_found`, also for what is somebody else's */
  get(call: Call, name: string, verb: 'get' | 'delete'): Promise<Listed>;
  /** Whether the answer holds a secret says `secret`. @throws {StatusError} `invalid_object`, `already_exists`, `forbidden` */
  create?(
    call: Call,
    object: NewObject,
    options: { readonly dryRun: boolean },
  ): Promise<Entry & { readonly secret: boolean }>;
  /** Takes away what {@link get} or {@link list} gave. */
  remove?(call: Call, listed: Listed): Promise<void>;
}

/** What every resource decides with. */
export interface ResourceAccess {
  readonly decide: SubjectAccess;
}
