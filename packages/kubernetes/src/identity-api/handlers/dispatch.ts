import type { FastifyReply } from 'fastify';
import { isWatch } from '../query/index.ts';
import { notSupported } from '../wire/index.ts';
import { createObject } from './create.ts';
import { deleteCollection, deleteObject } from './delete.ts';
import type { Exchange } from './exchange.ts';
import { getObject, listObjects } from './read.ts';

/** Answers one request about a resource. @throws {StatusError} `method_not_allowed` for what resources here do not do */
export async function dispatch(exchange: Exchange): Promise<FastifyReply> {
  const { request, name, named, query } = exchange;
  if (name === undefined) {
    if (request.method === 'GET') return await listObjects(exchange);
    if (request.method === 'POST') return await createObject(exchange);
    if (request.method === 'DELETE') return await deleteCollection(exchange);
  } else {
    if (request.method === 'GET' && isWatch(query)) throw notSupported(named, 'watch');
    if (request.method === 'GET') return await getObject(exchange, name);
    if (request.method === 'DELETE') return await deleteObject(exchange, name);
  }
  throw notSupported(named, actions[request.method] ?? request.method.toLowerCase());
}

const actions: Readonly<Record<string, string>> = { PUT: 'update', PATCH: 'patch', POST: 'create' };
