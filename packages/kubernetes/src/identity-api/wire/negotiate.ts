import { type MediaType, parseAccept } from './accept.ts';
import { StatusError } from './status.ts';

/** What an answer is written in. */
export type Encoding = 'json' | 'yaml';

/** What an answer is turned into before it is written. */
export type Form = 'object' | 'table' | 'metadata' | 'metadata-list';

/** What was agreed on. */
export interface Negotiated {
  readonly encoding: Encoding;
  readonly form: Form;
  /** Version of `meta.k8s.io` that tables and metadata are said to be of. */
  readonly metaVersion: string;
}

const json: Negotiated = { encoding: 'json', form: 'object', metaVersion: 'v1' };
const forms: Readonly<Record<string, Form>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata-list',
};

/**
 * Chooses how to answer about objects. Clauses are tried in order of weight; one that asks for a form that we do not have is passed
 * over, so that a list of wishes ends at the plain object.
 *
 * @throws {StatusError} `not_acceptable`
 */
export function negotiate(header: string | undefined): Negotiated {
  if (header === undefined || header.trim() === '') return json;
  for (const media of parseAccept(header)) {
    const encoding = encodingOf(media);
    const form = encoding && formOf(media);
    if (encoding && form) return { encoding, form, metaVersion: media.parameters.v ?? 'v1' };
  }
  throw notAcceptable();
}

/** Chooses between JSON and YAML where there are no other forms. */
export function negotiateEncoding(header: string | undefined): Encoding {
  if (header === undefined || header.trim() === '') return 'json';
  for (const media of parseAccept(header)) {
    const encoding = media.parameters.as === undefined ? encodingOf(media) : undefined;
    if (encoding) return encoding;
  }
  throw notAcceptable();
}

export function notAcceptable(): StatusError {
  return new StatusError(
    'not_acceptable',
    'only the following media types are accepted: application/json, application/yaml',
  );
}

/** The encoding that a media range takes in. */
export function encodingOf({ type }: MediaType): Encoding | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
  return type === 'application/yaml' ? 'yaml' : undefined;
}

function formOf({ parameters: { as, g, v } }: MediaType): Form | undefined {
  if (as === undefined) return g === undefined && v === undefined ? 'object' : undefined;
  if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined;
  return Object.hasOwn(forms, as) ? forms[as] : undefined;
}
