import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Fault, Faults, type SeenRequest } from './faults.ts';
import { at, isJson, type Json, text } from './json.ts';
import { builtInKinds, type ServedKind } from './kinds.ts';
import { jsonPatch, mergePatch } from './patch.ts';
import { matchesFields, matchesLabels } from './selectors.ts';
import { badRequest, expired, Refusal } from './status.ts';
import { Store } from './store.ts';

export interface ApiServerOptions {
  readonly kinds?: readonly ServedKind[];
  /** With it, only requests with this bearer token are answered. */
  readonly token?: string;
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string };
  /** What SubjectAccessReviews say. Default no. */
  readonly review?: (spec: Json) => {
    readonly allowed: boolean;
    readonly denied?: boolean;
    readonly reason?: string;
  };
  /** Answers before the server itself does, where it gives an answer: logs of pods, webhooks that fail. */
  readonly answer?: (request: {
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
  }) => { readonly status: number; readonly body: unknown } | undefined;
  /** Takes connections that become WebSockets. Default they are cut. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** A kube-apiserver for tests, in this process. */
export interface ApiServer {
  readonly url: string;
  readonly faults: Faults;
  /** What came, in order. */
  readonly requests: readonly SeenRequest[];
  /** The store of a control plane; '' is the main one. Planes come into being with their first use. */
  store(plane?: string): Store;
  /** Serves a kind from now on, or no longer. */
  serve(kind: ServedKind, plane?: string): void;
  unserve(plural: string, plane?: string): void;
  /** Whether a plane answers; it does unless told otherwise. */
  setPlane(plane: string, up: boolean): void;
  /** Ends all watches; `abruptly` cuts the connections. */
  dropWatches(abruptly?: boolean): void;
  /** Sends a bookmark to every watch. */
  bookmark(): void;
  /** How many watches are open. */
  readonly watches: number;
  setToken(token: string): void;
  stop(): Promise<void>;
}

interface Plane {
  readonly store: Store;
  readonly kinds: Map<string, ServedKind>;
  up: boolean;
}

interface Route {
  readonly kind: ServedKind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string;
}

const planePath =
  /^(\/apis\/resourcemanager\.miloapis\.com\/v1alpha1\/projects\/[^/]+\/control-plane|\/projects\/[^/]+\/control-plane)(\/.*)$/;
const kindKey = ({ group, version, plural }: { group: string; version: string; plural: string }) =>
  `${group}/${version}/${plural}`;

export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const planes = new Map<string, Plane>();
  const served = [...builtInKinds, ...(options.kinds ?? [])];
  const planeOf = (path: string): Plane => {
    const known = planes.get(path);
    if (known) return known;
    const kinds = new Map(served.map((kind) => [kindKey(kind), kind]));
    const plane = { store: new Store(), kinds, up: true };
    planes.set(path, plane);
    return plane;
  };
  planeOf('');
  const faults = new Faults();
  const requests: SeenRequest[] = [];
  const watches = new Set<{
    readonly response: ServerResponse;
    readonly bookmark: () => void;
    readonly end: () => void;
  }>();
  let token = options.token;

  const answer = (response: ServerResponse, code: number, body: unknown) => {
    if (response.headersSent || response.destroyed) return;
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const refuse = (response: ServerResponse, error: unknown) => {
    if (error instanceof Refusal) return answer(response, error.code, error.toStatus());
    const message = error instanceof Error ? error.message : 'unknown';
    return answer(
      response,
      500,
      new Refusal(500, 'InternalError', `Internal error occurred: ${message}`).toStatus(),
    );
  };

  const openWatch = (plane: Plane, route: Route, query: URLSearchParams, response: ServerResponse) => {
    const fits = (object: Json) =>
      matchesLabels(object, query.get('labelSelector')) && matchesFields(object, query.get('fieldSelector'));
    const send = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`);
    const tell = (event: { type: string; kind: ServedKind; namespace: string; object: Json }) => {
      if (kindKey(event.kind) !== kindKey(route.kind)) return;
      if (route.namespace !== undefined && event.namespace !== route.namespace) return;
      if (fits(event.object)) send(event.type, event.object);
    };
    const from = Number(query.get('resourceVersion') ?? '0');
    const missed = plane.store.since(from === 0 ? plane.store.version : from);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const event of missed) tell(event);
    const unsubscribe = plane.store.subscribe(tell);
    const bookmark = () =>
      send('BOOKMARK', {
        kind: route.kind.kind,
        metadata: { resourceVersion: String(plane.store.version) },
      });
    const timer = setTimeout(() => end(), Number(query.get('timeoutSeconds') ?? '300') * 1_000);
    const end = () => response.end();
    const watch = { response, bookmark, end };
    watches.add(watch);
    response.on('close', () => {
      clearTimeout(timer);
      unsubscribe();
      watches.delete(watch);
    });
  };

  const list = (plane: Plane, route: Route, query: URLSearchParams): Json => {
    const go = query.get('continue');
    const start =
      go === null
        ? undefined
        : (JSON.parse(Buffer.from(go, 'base64url').toString()) as { at: string; version: number });
    if (start) plane.store.since(start.version);
    const all = plane.store
      .list(route.kind, route.namespace)
      .filter(
        (object) =>
          matchesLabels(object, query.get('labelSelector')) &&
          matchesFields(object, query.get('fieldSelector')),
      )
      .filter((object) => start === undefined || orderOf(object) > start.at);
    const limit = Number(query.get('limit') ?? '0');
    const items = limit > 0 ? all.slice(0, limit) : all;
    const last = items.at(-1);
    const version = start?.version ?? plane.store.version;
    const more = items.length < all.length && last !== undefined;
    return {
      kind: `${route.kind.kind}List`,
      apiVersion: route.kind.group === '' ? route.kind.version : `${route.kind.group}/${route.kind.version}`,
      metadata: {
        resourceVersion: String(version),
        ...(more
          ? { continue: Buffer.from(JSON.stringify({ at: orderOf(last), version })).toString('base64url') }
          : {}),
      },
      items,
    };
  };

  const handle = (
    plane: Plane,
    route: Route,
    request: IncomingMessage,
    query: URLSearchParams,
    body: unknown,
  ): readonly [number, unknown] => {
    const { store } = plane;
    const { kind, name, subresource } = route;
    const namespace = kind.namespaced ? (route.namespace ?? '') : '';
    const status = subresource === 'status';
    if (subresource !== '' && !(status && kind.status))
      throw new Refusal(404, 'NotFound', '404 page not found');
    const manager = query.get('fieldManager') ?? 'unknown';
    const dryRun = query.get('dryRun') === 'All';
    const write = { manager, dryRun, status };
    const content = isJson(body) ? body : {};
    switch (request.method) {
      case 'GET':
        return [200, name === '' ? list(plane, route, query) : store.get(kind, namespace, name)];
      case 'POST':
        return [201, store.create(kind, namespace, content, write)];
      case 'PUT':
        return [200, store.replace(kind, namespace, name, content, write)];
      case 'DELETE': {
        const preconditions = at(content, 'preconditions');
        const dry = dryRun || (Array.isArray(content.dryRun) && content.dryRun.includes('All'));
        const gone = store.delete(kind, namespace, name, {
          dryRun: dry,
          ...(text(preconditions.uid) === '' ? {} : { uid: text(preconditions.uid) }),
          ...(text(preconditions.resourceVersion) === ''
            ? {}
            : { resourceVersion: text(preconditions.resourceVersion) }),
        });
        return [200, gone];
      }
      case 'PATCH': {
        const type = (request.headers['content-type'] ?? '').split(';')[0];
        if (type === 'application/apply-patch+yaml') {
          if (query.get('fieldManager') === null)
            throw badRequest('PatchOptions.meta.k8s.io is invalid: fieldManager: Required value');
          return [
            200,
            store.apply(kind, namespace, name, content, { ...write, force: query.get('force') === 'true' }),
          ];
        }
        const present = store.get(kind, namespace, name);
        const next =
          type === 'application/json-patch+json' ? jsonPatch(present, body) : mergePatch(present, body);
        return [200, store.replace(kind, namespace, name, isJson(next) ? next : {}, write)];
      }
      default:
        throw new Refusal(405, 'MethodNotAllowed', 'method not allowed');
    }
  };

  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://api');
    const text = await readBody(request);
    const [, planeName = '', path = url.pathname] = planePath.exec(url.pathname) ?? [];
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      throw new Refusal(401, 'Unauthorized', 'Unauthorized');
    const plane = planeOf(planeName);
    if (!plane.up)
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
    if (path === '/version')
      return answer(response, 200, { major: '1', minor: '34', gitVersion: 'v1.34.0-stand-in' });
    const special = options.answer?.({ method: request.method ?? '', path, query: url.searchParams });
    if (special) {
      if (typeof special.body !== 'string') return answer(response, special.status, special.body);
      return void response.writeHead(special.status, { 'content-type': 'text/plain' }).end(special.body);
    }
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const kinds = discoveryOf(path, plane.kinds);
    if (kinds) return answer(response, 200, kinds);
    if (path === '/apis/authorization.k8s.io/v1/subjectaccessreviews') {
      const spec = at(isJson(body) ? body : {}, 'spec');
      requests.push({
        ...emptySeen,
        method: 'POST',
        group: 'authorization.k8s.io',
        plural: 'subjectaccessreviews',
        plane: planeName,
      });
      return answer(response, 201, {
        ...(isJson(body) ? body : {}),
        status: options.review?.(spec) ?? { allowed: false },
      });
    }
    const route = routeOf(path, plane.kinds);
    if (!route)
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
    const watch =
      url.searchParams.has('watch') && !['0', 'false'].includes(url.searchParams.get('watch') ?? '');
    const seen: SeenRequest = {
      method: request.method ?? '',
      group: route.kind.group,
      plural: route.kind.plural,
      subresource: route.subresource,
      watch,
      plane: planeName,
      name: route.name,
      query: url.searchParams,
      who: String(request.headers['x-who'] ?? ''),
    };
    requests.push(seen);
    const fault: Fault = faults.take(seen) ?? {};
    if (fault.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault.status !== undefined) throw faultOf(fault.status);
    if (watch) return openWatch(plane, route, url.searchParams, response);
    const [code, result] = handle(plane, route, request, url.searchParams, body);
    if (fault.loseAnswer) return void request.socket.destroy();
    answer(response, code, result);
  };

  const handler = (request: IncomingMessage, response: ServerResponse) => {
    onRequest(request, response).catch((error: unknown) => refuse(response, error));
  };
  const { tls } = options;
  const server: Server = tls
    ? createTlsServer(
        {
          cert: tls.cert,
          key: tls.key,
          ...(tls.clientCa === undefined
            ? {}
            : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }),
        },
        handler,
      )
    : createServer(handler);
  const { upgrade } = options;
  if (upgrade) server.on('upgrade', upgrade);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    faults,
    requests,
    store: (plane = '') => planeOf(plane).store,
    serve: (kind, plane = '') => void planeOf(plane).kinds.set(kindKey(kind), kind),
    unserve(plural, plane = '') {
      for (const [key, kind] of planeOf(plane).kinds)
        if (kind.plural === plural) planeOf(plane).kinds.delete(key);
    },
    setPlane: (plane, up) => {
      planeOf(plane).up = up;
    },
    dropWatches(abruptly = false) {
      for (const { response, end } of watches) {
        if (abruptly) response.socket?.destroy();
        else end();
      }
    },
    bookmark: () => {
      for (const { bookmark } of watches) bookmark();
    },
    get watches() {
      return watches.size;
    },
    setToken: (next) => {
      token = next;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const emptySeen: SeenRequest = {
  method: '',
  group: '',
  plural: '',
  subresource: '',
  watch: false,
  plane: '',
  name: '',
  query: new URLSearchParams(),
  who: '',
};

function routeOf(path: string, kinds: ReadonlyMap<string, ServedKind>): Route | undefined {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const core = parts[0] === 'api';
  const [group = '', version = ''] = core ? ['', parts[1]] : [parts[1], parts[2]];
  const rest = parts.slice(core ? 2 : 3);
  const namespaced = rest[0] === 'namespaces' && rest.length > 2;
  const [plural = '', name = '', subresource = ''] = namespaced ? rest.slice(2) : rest;
  const kind = kinds.get(kindKey({ group, version, plural }));
  return kind && { kind, namespace: namespaced ? rest[1] : undefined, name, subresource };
}

/** The kinds of one version, as `/api/v1` and `/apis/{group}/{version}` tell them; undefined where nothing of it is served. */
function discoveryOf(path: string, kinds: ReadonlyMap<string, ServedKind>): Json | undefined {
  const [, named, versionOfCore] = /^\/(?:apis\/([^/]+\/[^/]+)|api\/([^/]+))$/.exec(path) ?? [];
  const groupVersion = named ?? versionOfCore;
  const resources = [...kinds.values()]
    .filter(({ group, version }) => (group === '' ? version : `${group}/${version}`) === groupVersion)
    .flatMap(({ plural, kind, namespaced, status }) => [
      { name: plural, kind, namespaced },
      ...(status ? [{ name: `${plural}/status`, kind, namespaced }] : []),
    ]);
  return resources.length === 0
    ? undefined
    : { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

function orderOf(object: Json | undefined): string {
  const metadata = at(object ?? {}, 'metadata');
  return `${text(metadata.namespace)}/${text(metadata.name)}`;
}

function faultOf(status: number): Refusal {
  if (status === 410) return expired('The resourceVersion for the provided watch is too old.');
  const reasons: Readonly<Record<number, string>> = {
    403: 'Forbidden',
    429: 'TooManyRequests',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  };
  return new Refusal(status, reasons[status] ?? 'InternalError', 'a fault that the test asked for');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
