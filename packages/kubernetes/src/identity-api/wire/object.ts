/** What an object of this API says of itself. There is no resourceVersion: nothing here has one, and none is invented. */
export interface VirtualMeta {
  readonly name: string;
  readonly generateName?: string;
  /** The same in every answer and on every replica. */
  readonly uid: string;
  /** When Zitadel made it, in whole seconds. */
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An object before it is said of which group it is. */
export interface VirtualObject {
  readonly metadata: VirtualMeta;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** What one cell of a table holds. */
export type Cell = string | number | boolean | null;

/** A column of the table that kubectl prints. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  /** `name` for the one that stands for the object. */
  readonly format?: 'name';
  readonly description: string;
  /** 0 is always shown, more only with `-o wide`. */
  readonly priority: 0 | 1;
}

/** An object, and what is shown of it in a table. */
export interface Entry {
  readonly object: VirtualObject;
  /** One for each column; made where a table is asked for. */
  readonly cells: () => readonly Cell[];
}

/** `metadata` of a list. */
export interface ListMeta {
  readonly continue?: string;
}
