import type { MountState } from '../store/index.ts';
import type { Route } from './call.ts';
import { jwtRoutes } from './jwt.ts';
import { kvRoutes } from './kv.ts';
import { mountRoutes } from './mounts.ts';
import { policyRoutes } from './policies.ts';
import { bareRoutes, systemRoutes } from './system.ts';
import { tokenRoutes } from './tokens.ts';
import { uiMountRoutes } from './ui-mounts.ts';
import { userpassRoutes } from './userpass.ts';

/** A route with the segments that vary, decoded. */
export interface FoundRoute {
  readonly route: Route;
  readonly ids: readonly string[];
}

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
}

const compile = (routes: readonly Route[]): readonly Compiled[] =>
  routes.map((route) => {
    const pattern = route.path.replaceAll('/**', '/(.+)').replaceAll('/*', '/([^/]+)');
    return { route, pattern: new RegExp(`^${pattern}/?$`) };
  });

const tables = {
  bare: compile(bareRoutes),
  sys: compile([...systemRoutes, ...mountRoutes, ...uiMountRoutes, ...policyRoutes]),
  token: compile(tokenRoutes),
  jwt: compile(jwtRoutes),
  oidc: compile(jwtRoutes),
  userpass: compile(userpassRoutes),
  kv: compile(kvRoutes),
};

/** Which backend's paths: `bare` for those of sys that a sealed server answers, else by what is mounted. */
export type Backend = keyof typeof tables;

/** The backend of a mount. */
export function backendOf({ row }: MountState): Backend {
  return row.type as Backend;
}

/** The route of a path below a backend; nothing where it has none. */
export function findRoute(backend: Backend, path: string): FoundRoute | undefined {
  for (const { route, pattern } of tables[backend]) {
    const match = pattern.exec(path);
    if (match) return { route, ids: match.slice(1).map((one) => one.replace(/\/+$/, '')) };
  }
  return undefined;
}
