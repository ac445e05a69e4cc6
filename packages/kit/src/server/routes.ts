import type { FastifyInstance } from 'fastify';

/** Which methods a path takes; undefined for a path that no route matches. */
export type AllowedMethods = (path: string) => readonly string[] | undefined;

/**
 * Notes every route of an app, to tell 405 from 404: fastify's router answers "not found" for both. Must be called
 * before routes are added.
 */
export function trackRoutes(app: FastifyInstance): AllowedMethods {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    // A catch-all says nothing of which paths there are.
    if (url === '/*' || url === '*') return;
    routes.push({ pattern: toPattern(url), methods: Array.isArray(method) ? method : [method] });
  });
  return (path) => {
    const methods = routes.filter((route) => route.pattern.test(path)).flatMap((route) => route.methods);
    return methods.length === 0 ? undefined : [...new Set(methods)].sort();
  };
}

/** fastify's path syntax as a pattern: `:name`, `:name(rule)`, `:name?` and a final `*`; `::` is a plain colon. */
function toPattern(url: string): RegExp {
  const source = url
    .split(/(::|:\w+(?:\([^)]*\))?\??|\*)/)
    .map((piece) => {
      if (piece === '*') return '.*';
      if (piece === '::') return ':';
      if (piece.startsWith(':')) return '[^/]+';
      return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}
