import type { Exchange } from '../../shared/index.ts';
import { ApiError } from '../errors.ts';
import { type Backend, backendOf, type Operation } from '../handlers/index.ts';
import { findMount, type Kernel } from '../kernel.ts';
import type { MountState, NamespaceState } from '../store/index.ts';

/** What a request is about: its namespace, and the path in it. */
export interface Target {
  readonly namespace: NamespaceState;
  readonly path: string;
  readonly operation: Operation;
}

/** Where a path leads. */
export interface Place {
  readonly backend: Backend;
  /** Below the mount, or below `sys/`. */
  readonly rest: string;
  readonly mount?: MountState;
}

/** The namespace by header, by the front of the path, or by both (vault/namespace_store.go). */
export function targetOf(kernel: Kernel, { request, url, method }: Exchange): Target {
  const header = request.headers['x-vault-namespace'];
  const asked = typeof header === 'string' ? header.replace(/^\/+|\/+$/g, '') : '';
  const { namespaces } = kernel.state;
  const base = asked === '' || asked === 'root' ? '' : `${asked}/`;
  if (!namespaces.has(base)) throw new ApiError(404, ['namespace not found']);
  const full = base + decode(url.pathname.slice('/v1/'.length));
  const inner = [...namespaces.keys()]
    .filter((path) => full.startsWith(path))
    .toSorted((a, b) => b.length - a.length)[0];
  const namespace = namespaces.get(inner ?? '');
  if (!namespace) throw new ApiError(404, ['namespace not found']);
  return {
    namespace,
    path: full.slice(namespace.path.length),
    operation: operationOf(method, url.searchParams),
  };
}

/** POST and PUT mean the same; LIST is GET with `?list=true` (http/logical.go). Node's server takes no verb LIST. */
function operationOf(method: string, query: URLSearchParams): Operation {
  if ((method === 'GET' || method === 'HEAD') && query.get('list') === 'true') return 'list';
  if (method === 'GET' || method === 'HEAD') return 'read';
  if (method === 'POST' || method === 'PUT') return 'write';
  if (method === 'DELETE') return 'delete';
  if (method === 'PATCH') return 'patch';
  throw new ApiError(405);
}

/** Where a path leads; nothing where nothing is mounted. */
export function placeOf({ namespace, path }: Target): Place | undefined {
  if (path.startsWith('sys/') || path === 'sys') return { backend: 'sys', rest: path.slice(4) };
  if (path.startsWith('auth/token/')) return { backend: 'token', rest: path.slice('auth/token/'.length) };
  const found = findMount(namespace, path);
  return found && { backend: backendOf(found.mount), rest: found.rest, mount: found.mount };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new ApiError(400, ['invalid URL escape']);
  }
}
