import { randomUUID } from 'node:crypto';
import { applyConfiguration, claim, type Ownership } from './apply.ts';
import { changedLeaves } from './fields.ts';
import { at, isJson, type Json, same, text, texts } from './json.ts';
import type { ServedKind } from './kinds.ts';
import { alreadyExists, badRequest, conflict, expired, invalid, notFound } from './status.ts';

interface Entry {
  object: Json;
  readonly owners: Ownership;
}

/** Something that happened, as watches tell it. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly kind: ServedKind;
  readonly namespace: string;
  readonly object: Json;
}

export interface Write {
  readonly manager: string;
  readonly dryRun: boolean;
  readonly status?: boolean;
}

/** The objects of one control plane, their versions and what happened to them. */
export class Store {
  readonly #entries = new Map<string, Entry>();
  readonly #events: StoreEvent[] = [];
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  #version = 1_000;
  #oldest = 1_000;

  get version(): number {
    return this.#version;
  }

  /** Forgets what happened so far: watches from before get 410. */
  compact(): void {
    this.#events.length = 0;
    this.#oldest = this.#version;
  }

  /** What happened after a version. */
  since(version: number): readonly StoreEvent[] {
    if (version < this.#oldest) throw expired(`too old resource version: ${version} (${this.#oldest})`);
    return this.#events.filter((event) => event.version > version);
  }

  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get(kind: ServedKind, namespace: string, name: string): Json {
    return structuredClone(this.#entry(kind, namespace, name).object);
  }

  /** In order of names, as etcd has them. */
  list(kind: ServedKind, namespace: string | undefined): Json[] {
    const prefix = keyOf(kind, namespace ?? '', '');
    const from = namespace === undefined ? `${kind.group}/${kind.plural}/` : prefix;
    return [...this.#entries]
      .filter(([key]) => key.startsWith(from))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { object }]) => structuredClone(object));
  }

  create(kind: ServedKind, namespace: string, input: Json, write: Write): Json {
    const metadata = at(input, 'metadata');
    const given = text(metadata.name);
    const generated = text(metadata.generateName);
    const name = given === '' && generated !== '' ? `${generated}${randomUUID().slice(0, 5)}` : given;
    if (name === '')
      throw invalid(kind.kind, '', 'metadata.name: Required value: name or generateName is required');
    if (text(metadata.resourceVersion) !== '')
      throw badRequest('resourceVersion should not be set on objects to be created');
    const key = keyOf(kind, namespace, name);
    if (this.#entries.has(key)) throw alreadyExists(kind, name);
    const object: Json = {
      ...input,
      apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
      kind: kind.kind,
      metadata: {
        ...metadata,
        name,
        ...(kind.namespaced ? { namespace } : { namespace: undefined }),
        uid: randomUUID(),
        creationTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
        deletionTimestamp: undefined,
        generation: 1,
      },
    };
    if (kind.status) delete object.status;
    if (write.dryRun) return object;
    const entry: Entry = { object, owners: new Map() };
    claim(entry.owners, write.manager, changedLeaves({}, owned(object)));
    this.#entries.set(key, entry);
    return this.#happened('ADDED', kind, namespace, entry);
  }

  replace(kind: ServedKind, namespace: string, name: string, input: Json, write: Write): Json {
    const entry = this.#entry(kind, namespace, name);
    const present = entry.object;
    const metadata = at(input, 'metadata');
    const stored = at(present, 'metadata');
    const version = text(metadata.resourceVersion);
    if (version !== '' && version !== text(stored.resourceVersion)) {
      throw conflict(
        kind,
        name,
        'the object has been modified; please apply your changes to the latest version and try again',
      );
    }
    const uid = text(metadata.uid);
    if (uid !== '' && uid !== text(stored.uid)) {
      throw conflict(
        kind,
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${text(stored.uid)}`,
      );
    }
    const next = this.#merged(kind, present, input, write.status ?? false);
    const finalizers = texts(at(next, 'metadata').finalizers);
    const before = texts(stored.finalizers);
    const deleting = text(stored.deletionTimestamp) !== '';
    const added = finalizers.filter((one) => !before.includes(one));
    if (deleting && added.length > 0) {
      throw invalid(
        kind.kind,
        name,
        `metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${added.join(', ')}`,
      );
    }
    if (write.dryRun) return next;
    if (deleting && finalizers.length === 0) {
      entry.object = next;
      return this.#remove(kind, namespace, entry);
    }
    if (same(next, present)) return structuredClone(present);
    claim(entry.owners, write.manager, changedLeaves(owned(present), owned(next)));
    entry.object = next;
    return this.#happened('MODIFIED', kind, namespace, entry);
  }

  apply(
    kind: ServedKind,
    namespace: string,
    name: string,
    configuration: Json,
    write: Write & { readonly force: boolean },
  ): Json {
    const key = keyOf(kind, namespace, name);
    const { managedFields: _refused, uid: _uid, ...metadata } = at(configuration, 'metadata');
    if (!this.#entries.has(key)) {
      if (write.status) throw notFound(kind, name);
      return this.create(kind, namespace, { ...configuration, metadata }, write);
    }
    const entry = this.#entry(kind, namespace, name);
    const manager = `apply/${write.manager}${write.status ? '/status' : ''}`;
    const owners: Ownership = new Map([...entry.owners].map(([one, paths]) => [one, new Set(paths)]));
    const merged = applyConfiguration(owned(entry.object), owned({ ...configuration, metadata }), owners, {
      manager,
      force: write.force,
    });
    const stored = at(entry.object, 'metadata');
    const result = this.replace(
      kind,
      namespace,
      name,
      {
        ...entry.object,
        ...merged,
        metadata: {
          ...stored,
          ...at(merged, 'metadata'),
          ...(at(merged, 'metadata').finalizers === undefined ? { finalizers: undefined } : {}),
          resourceVersion: stored.resourceVersion,
        },
      },
      write,
    );
    if (!write.dryRun) {
      entry.owners.clear();
      for (const [one, paths] of owners) entry.owners.set(one, paths);
    }
    return result;
  }

  delete(
    kind: ServedKind,
    namespace: string,
    name: string,
    options: { readonly uid?: string; readonly resourceVersion?: string; readonly dryRun: boolean },
  ): Json {
    const entry = this.#entry(kind, namespace, name);
    const metadata = at(entry.object, 'metadata');
    for (const field of ['uid', 'resourceVersion'] as const) {
      const wanted = options[field];
      if (wanted !== undefined && wanted !== text(metadata[field])) {
        throw conflict(
          kind,
          name,
          `the ${field} in the precondition (${wanted}) does not match the ${field} in record (${text(metadata[field])})`,
        );
      }
    }
    if (options.dryRun) return structuredClone(entry.object);
    if (texts(metadata.finalizers).length === 0) return this.#remove(kind, namespace, entry);
    if (text(metadata.deletionTimestamp) !== '') return structuredClone(entry.object);
    const generation = typeof metadata.generation === 'number' ? metadata.generation + 1 : 1;
    entry.object = {
      ...entry.object,
      metadata: {
        ...metadata,
        generation,
        deletionTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
        deletionGracePeriodSeconds: 0,
      },
    };
    return this.#happened('MODIFIED', kind, namespace, entry);
  }

  /** What is stored when an object is written: status and the rest are written on ways of their own. */
  #merged(kind: ServedKind, present: Json, input: Json, status: boolean): Json {
    const stored = at(present, 'metadata');
    if (status) return { ...present, status: input.status };
    const next: Json = {
      ...input,
      ...(kind.status ? { status: present.status } : {}),
      metadata: {
        ...at(input, 'metadata'),
        name: stored.name,
        namespace: stored.namespace,
        uid: stored.uid,
        resourceVersion: stored.resourceVersion,
        creationTimestamp: stored.creationTimestamp,
        deletionTimestamp: stored.deletionTimestamp,
        generation: stored.generation,
      },
    };
    const generation = typeof stored.generation === 'number' ? stored.generation : 1;
    if (!same(specOf(present, kind), specOf(next, kind))) at(next, 'metadata').generation = generation + 1;
    return next;
  }

  #entry(kind: ServedKind, namespace: string, name: string): Entry {
    const entry = this.#entries.get(keyOf(kind, namespace, name));
    if (!entry) throw notFound(kind, name);
    return entry;
  }

  #remove(kind: ServedKind, namespace: string, entry: Entry): Json {
    this.#entries.delete(keyOf(kind, namespace, text(at(entry.object, 'metadata').name)));
    return this.#happened('DELETED', kind, namespace, entry);
  }

  #happened(type: StoreEvent['type'], kind: ServedKind, namespace: string, entry: Entry): Json {
    this.#version += 1;
    const object = {
      ...entry.object,
      metadata: { ...at(entry.object, 'metadata'), resourceVersion: String(this.#version) },
    };
    entry.object = JSON.parse(JSON.stringify(object)) as Json;
    const event = { type, version: this.#version, kind, namespace, object: structuredClone(entry.object) };
    this.#events.push(event);
    for (const listener of this.#listeners) listener(event);
    return structuredClone(entry.object);
  }
}

function keyOf({ group, plural }: ServedKind, namespace: string, name: string): string {
  return `${group}/${plural}/${namespace}/${name}`;
}

/** What managers own: everything that clients write. */
function owned(object: Json): Json {
  const { labels, annotations, finalizers, ownerReferences } = at(object, 'metadata');
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = object;
  const metadata = Object.fromEntries(
    Object.entries({ labels, annotations, finalizers, ownerReferences }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return { ...rest, ...(Object.keys(metadata).length > 0 ? { metadata } : {}) };
}

/** What the generation counts changes of. */
function specOf(object: Json, kind: ServedKind): unknown {
  const { metadata: _metadata, status, ...rest } = object;
  return kind.status ? rest : { ...rest, status: isJson(status) ? status : undefined };
}
