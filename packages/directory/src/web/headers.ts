import type { FastifyInstance } from 'fastify';

/** For answers that no browser is to show or run. */
const dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Two years, as the preload list wants it. */
const hsts = 'max-age=63072000; includeSubDomains';

const always: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  // Not no-referrer, by which a browser sends "Origin: null" with its own page's forms.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-frame-options': 'DENY',
};

/** The policy of the console: scripts, styles and calls of this origin alone, and nothing inline. */
export const consolePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Positions and sizes that components compute; an attribute's style can load nothing here.
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Gives every answer the headers that keep a browser from doing more with it than meant. What a route has set stays.
 *
 * @see W3C Content Security Policy Level 3, RFC 6797
 */
export function addSecurityHeaders(app: FastifyInstance, isSecure: () => boolean): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    for (const [name, value] of Object.entries(always)) {
      if (!reply.hasHeader(name)) void reply.header(name, value);
    }
    if (!reply.hasHeader('content-security-policy')) void reply.header('content-security-policy', dataPolicy);
    if (isSecure()) void reply.header('strict-transport-security', hsts);
    const isApi = request.url.startsWith('/api/') || request.url.startsWith('/auth/');
    if (isApi && !reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done();
  });
}
