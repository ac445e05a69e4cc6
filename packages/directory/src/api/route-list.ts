import type { FastifyInstance } from 'fastify';

/** A route and what it demands of whoever calls it. */
export interface Route {
  readonly method: string;
  readonly url: string;
  /** A permission in the organization it is about, or one of the other kinds of access; `open` demands nothing. */
  readonly access: string;
}

/** Notes every route that is added from now on. */
export function collectRoutes(app: FastifyInstance): readonly Route[] {
  const routes: Route[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    const access = config?.access;
    for (const one of [method].flat()) {
      // fastify adds it to each GET.
      if (one === 'HEAD') continue;
      const demand = access?.kind === 'organization' ? access.permission : (access?.kind ?? 'open');
      routes.push({ method: one, url, access: demand });
    }
  });
  return routes;
}
