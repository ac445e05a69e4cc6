import type { Negotiated } from './negotiate.ts';
import type { Column, Entry, ListMeta, VirtualObject } from './object.ts';
import { badRequest, StatusError } from './status.ts';

/** Which objects are answered. */
export interface Rendering {
  /** `group/version`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly columns: readonly Column[];
  readonly negotiated: Negotiated;
  /** The query parameter `includeObject`: how much of each object a table's row holds. */
  readonly includeObject?: string | undefined;
}

/** One object in the form that was asked for. @throws {StatusError} `not_acceptable` for the form of a list */
export function renderObject(entry: Entry, as: Rendering): object {
  if (as.negotiated.form === 'table') return table([entry], {}, as);
  if (as.negotiated.form === 'metadata') return partial(entry.object, as);
  if (as.negotiated.form === 'metadata-list')
    throw wrongForm('you requested PartialObjectMetadataList, but the requested object is not a list');
  return stamped(entry.object, as);
}

/** A list in the form that was asked for. @throws {StatusError} `not_acceptable` for the form of one object */
export function renderList(entries: readonly Entry[], metadata: ListMeta, as: Rendering): object {
  const { form, metaVersion } = as.negotiated;
  if (form === 'table') return table(entries, metadata, as);
  if (form === 'metadata')
    throw wrongForm('you requested PartialObjectMetadata, but the requested object is a list');
  if (form === 'metadata-list') {
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: `meta.k8s.io/${metaVersion}`,
      metadata,
      items: entries.map(({ object }) => partial(object, as)),
    };
  }
  return {
    kind: `${as.kind}List`,
    apiVersion: as.apiVersion,
    metadata,
    items: entries.map(({ object }) => stamped(object, as)),
  };
}

/** An object with the kind and version that it is asked for under. */
function stamped(object: VirtualObject, { kind, apiVersion }: Pick<Rendering, 'kind' | 'apiVersion'>) {
  return { kind, apiVersion, ...object };
}

function table(entries: readonly Entry[], metadata: ListMeta, as: Rendering): object {
  const { columns, negotiated } = as;
  const shown = rowObject(as);
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${negotiated.metaVersion}`,
    metadata,
    columnDefinitions: columns.map(({ format = '', ...column }) => ({ ...column, format })),
    rows: entries.map(({ cells, object }) => ({ cells: cells(), object: shown(object) })),
  };
}

function rowObject(as: Rendering): (object: VirtualObject) => object | null {
  switch (as.includeObject) {
    case undefined:
    case '':
    case 'Metadata':
      return (object) => partial(object, as);
    case 'Object':
      return (object) => stamped(object, as);
    case 'None':
      return () => null;
    default:
      throw badRequest(`unrecognized includeObject value: "${as.includeObject}"`);
  }
}

function partial({ metadata }: VirtualObject, { negotiated }: Rendering): object {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${negotiated.metaVersion}`, metadata };
}

function wrongForm(message: string): StatusError {
  return new StatusError('not_acceptable', message);
}
