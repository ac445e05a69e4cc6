import type { FastifyReply } from 'fastify';
import { type ListOptions, matchesFields, readListOptions } from '../query/index.ts';
import type { Listed } from '../resources/index.ts';
import { notSupported, renderList, renderObject } from '../wire/index.ts';
import { answer, callOf, type Exchange, renderingOf } from './exchange.ts';
import { type Page, takePage } from './page.ts';

/** GET of a collection. */
export async function listObjects(exchange: Exchange): Promise<FastifyReply> {
  const { items, next } = await pageOf(exchange, optionsOf(exchange), 'list');
  const metadata = next === undefined ? {} : { continue: next };
  return await answer(exchange, renderList(items, metadata, renderingOf(exchange)));
}

/** GET of one object. */
export async function getObject(exchange: Exchange, name: string): Promise<FastifyReply> {
  const entry = await exchange.resource.get(callOf(exchange), name, 'get');
  return await answer(exchange, renderObject(entry, renderingOf(exchange)));
}

/** The options of a list. @throws {StatusError} `method_not_allowed` where it is a watch */
export function optionsOf({ query, resource, named }: Exchange): ListOptions {
  const options = readListOptions(query, selectable(resource.description.fields));
  if (options.watch) throw notSupported(named, 'watch');
  return options;
}

/** What the options of a list mean, a page of it; `next` is the token for the following one. */
export async function pageOf(
  exchange: Exchange,
  { fields, labels, limit, continueFrom, selectors }: ListOptions,
  verb: 'list' | 'deletecollection',
): Promise<Pick<Page, 'items'> & { readonly next: string | undefined }> {
  const { caller, named, resource, continues } = exchange;
  const bound = JSON.stringify([caller.uid, named.group, named.plural, selectors]);
  const cursor = continueFrom === '' ? undefined : continues.read(continueFrom, bound);
  const source = resource.list(
    callOf(exchange),
    {
      fields,
      ...(cursor === undefined ? {} : { from: cursor.at }),
      ...(limit > 0 ? { atMost: limit + (cursor?.had.length ?? 0) } : {}),
    },
    verb,
  );
  const matches = (listed: Listed) =>
    labels(listed.object.metadata.labels ?? {}) && matchesFields(fields, (field) => fieldOf(listed, field));
  const page = await takePage(source, { limit, cursor, matches });
  return { items: page.items, next: page.next && continues.write(page.next, bound) };
}

/** Every resource can be selected by its name; the namespace of something that has none is empty. */
function selectable(own: readonly string[]): readonly string[] {
  return ['metadata.name', 'metadata.namespace', ...own];
}

function fieldOf({ object, fields }: Listed, field: string): string {
  if (field === 'metadata.name') return object.metadata.name;
  return Object.hasOwn(fields, field) ? (fields[field] ?? '') : '';
}
