import { badRequest, type StatusCause } from '../wire/index.ts';

/** Labels and annotations of an object to be, and what is wrong with them. */
export interface Maps {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly causes: readonly StatusCause[];
}

const keyPattern =
  /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/i;
const valuePattern = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
/** As kube-apiserver: all annotations together. */
const mostAnnotationBytes = 256 * 1_024;

/** Reads labels and annotations of the metadata that somebody sent. @throws {StatusError} `invalid_request` */
export function readMaps(metadata: Readonly<Record<string, unknown>>): Maps {
  const labels = texts(metadata.labels, 'labels');
  const annotations = texts(metadata.annotations, 'annotations');
  const causes: StatusCause[] = [];
  const refuse = (field: string, message: string, reason = 'FieldValueInvalid') =>
    causes.push({ reason, field, message });
  for (const [key, value] of Object.entries(labels)) {
    if (!keyPattern.test(key))
      refuse('metadata.labels', `Invalid value: ${JSON.stringify(key)}: is no qualified name`);
    else if (!valuePattern.test(value))
      refuse('metadata.labels', `Invalid value: ${JSON.stringify(value)}: is no label value`);
  }
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    if (!keyPattern.test(key))
      refuse('metadata.annotations', `Invalid value: ${JSON.stringify(key)}: is no qualified name`);
  }
  if (bytes > mostAnnotationBytes) {
    const message = `Too long: may not be more than ${mostAnnotationBytes} bytes`;
    refuse('metadata.annotations', message, 'FieldValueTooLong');
  }
  return { labels, annotations, causes };
}

function texts(value: unknown, field: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw badRequest(`metadata.${field} is no object`);
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    throw badRequest(`metadata.${field} holds something that is no text`);
  return Object.fromEntries(entries);
}
