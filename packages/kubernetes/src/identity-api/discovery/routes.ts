import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asItIs, encodingOf, negotiateEncoding, notAcceptable, parseAccept, send } from '../wire/index.ts';
import {
  aggregated,
  aggregatedCore,
  coreVersions,
  groupDocument,
  groupList,
  resourceList,
  type Served,
  version,
} from './groups.ts';
import { openapiV2 } from './openapi-v2.ts';
import { type Document, openapiV3, openapiV3Index } from './openapi-v3.ts';

const quiet = { logLevel: 'debug', exposeHeadRoute: false } as const;

/** What `/version` says. kubectl compares its own version with it. */
const versionInfo = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.0+drawbridge',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'node',
  platform: `${process.platform}/${process.arch}`,
};

/**
 * Adds what clients read before they ask for anything. None of it depends on the caller or on Zitadel, and none of it is secret: it is
 * answered to everybody who reaches the port, so that no outage and no rotation makes the group disappear from a cluster, which
 * would keep every namespace there from being deleted.
 */
export function addDiscovery(app: FastifyInstance, served: Served): void {
  const get = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
    app.get(url, quiet, handler);
  addApis(get, served);
  addOpenapi(get, served);
  get('/version', async (request, reply) => await json(request, reply, versionInfo));
  get('/healthz', async (_request, reply) => await reply.type('text/plain').send('ok'));
}

type Get = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) => void;

function addApis(get: Get, served: Served): void {
  get('/api', discovery(coreVersions, { v2: aggregatedCore('v2'), v2beta1: aggregatedCore('v2beta1') }));
  get(
    '/apis',
    discovery(groupList(served), {
      v2: aggregated(served, 'v2'),
      v2beta1: aggregated(served, 'v2beta1'),
    }),
  );
  for (const group of served.groups) {
    const document = groupDocument(group);
    const resources = resourceList(group, served);
    get(`/apis/${group}`, async (request, reply) => await json(request, reply, document));
    get(`/apis/${group}/${version}`, async (request, reply) => await json(request, reply, resources));
  }
}

type DiscoveryVersion = 'v2' | 'v2beta1';

/** Answers one of three forms, and says by its Content-Type which: clients go by that alone. */
function discovery(plain: object, forms: Readonly<Record<DiscoveryVersion, object>>) {
  const texts = Object.fromEntries(
    Object.entries(forms).map(([name, form]) => [name, JSON.stringify(form)]),
  ) as Record<DiscoveryVersion, string>;
  const etags = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, etagOf(text)]),
  ) as Record<DiscoveryVersion, string>;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    void reply.header('vary', 'Accept');
    const asked = discoveryVersionOf(request.headers.accept);
    if (asked === undefined) return await json(request, reply, plain);
    const contentType = `application/json;g=apidiscovery.k8s.io;v=${asked};as=APIGroupDiscoveryList`;
    void reply.header('etag', etags[asked]).header('cache-control', 'public');
    if (request.headers['if-none-match'] === etags[asked]) return await reply.status(304).send();
    return await reply.header('content-type', contentType).serializer(asItIs).send(Buffer.from(texts[asked]));
  };
}

/** Which of the newer forms the first clause that we can answer asks for; undefined for the old one. */
function discoveryVersionOf(accept: string | undefined): DiscoveryVersion | undefined {
  for (const media of parseAccept(accept ?? '')) {
    const { as, g, v } = media.parameters;
    if (media.type === 'application/json' && as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io') {
      if (v === 'v2' || v === 'v2beta1') return v;
    } else if (as === undefined && encodingOf(media) !== undefined) return undefined;
  }
  return undefined;
}

function addOpenapi(get: Get, served: Served): void {
  const v2 = openapiV2(served);
  const documents = new Map(served.groups.map((group) => [group, openapiV3(group, served)]));
  const index = openapiV3Index(documents);
  get('/openapi/v2', async (request, reply) => await sendDocument(request, reply, v2));
  get('/openapi/v3', async (request, reply) => await sendDocument(request, reply, index));
  for (const [group, document] of documents) {
    const url = `/openapi/v3/apis/${group}/${version}`;
    get(url, async (request, reply) => {
      const { hash } = request.query as { readonly hash?: unknown };
      // Of an older document: Go's servers redirect, which kube-apiserver turns into an error of its own.
      if (hash !== document.hash) return await sendDocument(request, reply, document);
      const yearMs = 365 * 86_400_000;
      void reply
        .header('cache-control', 'public, immutable')
        .header('expires', new Date(Date.now() + yearMs).toUTCString());
      return await sendDocument(request, reply, document);
    });
  }
}

/** OpenAPI is answered in JSON alone; the protobuf form is kube-apiserver's to make. */
async function sendDocument(request: FastifyRequest, reply: FastifyReply, { body, hash }: Document) {
  const accept = request.headers.accept ?? '';
  const acceptsJson =
    accept.trim() === '' || parseAccept(accept).some((media) => encodingOf(media) === 'json');
  if (!acceptsJson) throw notAcceptable();
  const etag = `"${hash}"`;
  void reply.header('vary', 'Accept').header('etag', etag);
  if (request.headers['if-none-match'] === etag) return await reply.status(304).send();
  return await reply.header('content-type', 'application/json').serializer(asItIs).send(Buffer.from(body));
}

async function json(request: FastifyRequest, reply: FastifyReply, body: object): Promise<FastifyReply> {
  return await send(request, reply, body, { encoding: negotiateEncoding(request.headers.accept) });
}

function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('hex').toUpperCase()}"`;
}
