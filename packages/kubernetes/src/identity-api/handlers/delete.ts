import type { FastifyReply } from 'fastify';
import { type DeleteOptions, readDeleteOptions } from '../query/index.ts';
import type { Listed } from '../resources/index.ts';
import { conflict, notSupported, renderList, type Status } from '../wire/index.ts';
import { answer, bodyOf, callOf, type Exchange, renderingOf } from './exchange.ts';
import { optionsOf, pageOf } from './read.ts';

/** How many are deleted at once. */
const atOnce = 8;

/** DELETE of one object. */
export async function deleteObject(exchange: Exchange, name: string): Promise<FastifyReply> {
  const { resource, named, query } = exchange;
  const remove = resource.remove?.bind(resource);
  if (remove === undefined) throw notSupported(named, 'delete');
  const options = readDeleteOptions(await bodyOf(exchange), query);
  const listed = await resource.get(callOf(exchange), name, 'delete');
  checkPreconditions(exchange, listed, options);
  if (!options.dryRun) await remove(callOf(exchange), listed);
  const { group, plural } = named;
  const done: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, group, kind: plural, uid: listed.object.metadata.uid },
    code: 200,
  };
  return await answer(exchange, done);
}

/** DELETE of a collection: of what a list with the same selectors would show. */
export async function deleteCollection(exchange: Exchange): Promise<FastifyReply> {
  const { resource, named, query } = exchange;
  const remove = resource.remove?.bind(resource);
  if (remove === undefined || !resource.description.verbs.includes('deletecollection'))
    throw notSupported(named, 'deletecollection');
  const options = readDeleteOptions(await bodyOf(exchange), query);
  const { items, next } = await pageOf(exchange, optionsOf(exchange), 'deletecollection');
  for (const listed of items) checkPreconditions(exchange, listed, options);
  if (!options.dryRun) {
    const rest = items.values();
    const work = async () => {
      for (const listed of rest) await remove(callOf(exchange), listed);
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  }
  const metadata = next === undefined ? {} : { continue: next };
  return await answer(exchange, renderList(items, metadata, renderingOf(exchange)));
}

function checkPreconditions({ named }: Exchange, { object }: Listed, { preconditions }: DeleteOptions): void {
  const { name, uid } = object.metadata;
  const wanted = preconditions;
  if (wanted.uid !== undefined && wanted.uid !== uid) {
    throw conflict(
      named,
      name,
      `the UID in the precondition (${wanted.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== '') {
    throw conflict(
      named,
      name,
      `the ResourceVersion in the precondition (${wanted.resourceVersion}) does not match the ResourceVersion in record (). The object might have been modified`,
    );
  }
}
