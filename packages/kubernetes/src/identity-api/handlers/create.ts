import { randomInt } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { readDryRun } from '../query/index.ts';
import type { NewObject } from '../resources/index.ts';
import {
  badRequest,
  invalid,
  notSupported,
  readBody,
  renderObject,
  type StatusCause,
} from '../wire/index.ts';
import { answer, bytesOf, callOf, type Exchange, renderingOf } from './exchange.ts';
import { readMaps } from './metadata.ts';
import { unknownFields } from './unknown-fields.ts';

type Validation = 'Ignore' | 'Warn' | 'Strict';

/** POST to a collection. */
export async function createObject(exchange: Exchange): Promise<FastifyReply> {
  const { request, reply, resource, named, query } = exchange;
  if (resource.create === undefined) throw notSupported(named, 'create');
  const dryRun = readDryRun(query.getAll('dryRun'), 'CreateOptions');
  const validation = readValidation(query.get('fieldValidation') ?? '');
  checkFieldManager(query.get('fieldManager') ?? '');
  const { value, duplicates } = await readBody(bytesOf(request), request.headers['content-type'], {
    duplicates: validation !== 'Ignore',
  });
  const body = checkKind(exchange, value);
  const findings = [
    ...unknownFields(body, resource.description.schema).map((path) => `unknown field "${path}"`),
    ...duplicates.map((path) => `duplicate field "${path}"`),
  ];
  tell(exchange, validation, findings, reply);
  const made = await resource.create(callOf(exchange), readObject(exchange, body), { dryRun });
  return await answer(exchange, renderObject(made, renderingOf(exchange)), {
    code: 201,
    secret: made.secret,
  });
}

function checkKind({ apiVersion, named }: Exchange, value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${named.kind}): the body is no object`,
    );
  }
  const { apiVersion: version = apiVersion, kind = named.kind } = value;
  if (version !== apiVersion) {
    throw badRequest(
      `the API version in the data (${String(version)}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (kind !== named.kind)
    throw badRequest(`the object provided is unrecognized (must be of type ${named.kind})`);
  return value;
}

/** Tells of fields that are not known, or that stand there twice, as the caller wants to be told. */
function tell(
  { apiVersion, named: { kind } }: Exchange,
  validation: Validation,
  findings: readonly string[],
  reply: FastifyReply,
): void {
  if (findings.length === 0 || validation === 'Ignore') return;
  if (validation === 'Strict') {
    const version = apiVersion.split('/')[1] ?? '';
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${findings.join(', ')}`,
    );
  }
  const lines = findings.slice(0, mostWarnings).map((finding) => `299 - "${quoted(finding)}"`);
  void reply.header('warning', lines);
}

const mostWarnings = 20;

/** Fit for a header: ASCII alone, no control characters, quotes and backslashes escaped. */
function quoted(text: string): string {
  return text
    .slice(0, 256)
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .replaceAll(/["\\]/g, '\\$&');
}

function readValidation(text: string): Validation {
  if (text === '' || text === 'Warn') return 'Warn';
  if (text === 'Ignore' || text === 'Strict') return text;
  const message = `Unsupported value: ${JSON.stringify(text)}: supported values: "Ignore", "Strict", "Warn"`;
  throw invalid({ kind: 'CreateOptions', group: 'meta.k8s.io' }, '', [
    { reason: 'FieldValueNotSupported', field: 'fieldValidation', message },
  ]);
}

function checkFieldManager(text: string): void {
  if (text.length <= 128 && !/\p{C}/u.test(text)) return;
  const message = 'Invalid value: should only contain printable characters, 128 at most';
  throw invalid({ kind: 'CreateOptions', group: 'meta.k8s.io' }, '', [
    { reason: 'FieldValueInvalid', field: 'fieldManager', message },
  ]);
}

function readObject({ named }: Exchange, body: Readonly<Record<string, unknown>>): NewObject {
  const { metadata = {}, spec = {} } = body;
  if (!isRecord(metadata)) throw badRequest('metadata is no object');
  if (!isRecord(spec)) throw badRequest('spec is no object');
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== '')
    throw badRequest('resourceVersion should not be set on objects to be created');
  const name = textOf(metadata.name, 'metadata.name');
  const generateName = textOf(metadata.generateName, 'metadata.generateName');
  const { labels, annotations, causes } = readMaps(metadata);
  const all: StatusCause[] = [...causes, ...nameCauses(name, generateName)];
  if (all.length > 0) throw invalid(named, name, all);
  return { name: name === '' ? generated(generateName) : name, generateName, labels, annotations, spec };
}

const namePattern = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;
/** Longer does not fit where names are kept. */
const longestName = 180;

function nameCauses(name: string, generateName: string): readonly StatusCause[] {
  const field = 'metadata.name';
  if (name === '' && generateName === '') {
    const message = 'Required value: name or generateName is required';
    return [{ reason: 'FieldValueRequired', field, message }];
  }
  const shown = name === '' ? `${generateName}x` : name;
  if (shown.length > longestName) {
    const message = `Too long: may not be more than ${longestName} bytes`;
    return [{ reason: 'FieldValueTooLong', field, message }];
  }
  if (namePattern.test(shown) && !shown.includes('..')) return [];
  const message = `Invalid value: ${JSON.stringify(name === '' ? generateName : name)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`;
  return [{ reason: 'FieldValueInvalid', field: name === '' ? 'metadata.generateName' : field, message }];
}

/** As kube-apiserver makes names: five letters that spell nothing. */
function generated(base: string): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  const ending = Array.from({ length: 5 }, () => letters.charAt(randomInt(letters.length))).join('');
  return `${base.slice(0, 58)}${ending}`;
}

function textOf(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw badRequest(`${field} is no text`);
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
