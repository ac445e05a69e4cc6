import { DrawbridgeError } from '../errors/index.ts';

/** Where to open the TCP connection for an origin. */
export interface DialAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads an address: `host`, `host:port`, `[::1]:port` or a URL. The port defaults to that of `origin`, the URL whose
 * server is reached there. An address never changes what is asked for, only where the connection goes.
 *
 * @throws {DrawbridgeError} `invalid_settings` when the text is none of these
 * @example
 * ```ts
 * import { parseAddress } from '@drawbridge/kit';
 *
 * parseAddress('10.0.3.7:8443', 'https://sso.acme.example'); // { host: '10.0.3.7', port: 8443 }
 * ```
 */
export function parseAddress(address: string, origin: string): DialAddress {
  const from = new URL(origin);
  const isUrl = address.includes('://');
  // Under a scheme that the URL standard does not know, a port is kept even if it is the usual one of the origin's.
  const text = isUrl ? address : `tcp://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare =
    url && !url.username && !url.password && !url.search && !url.hash && /^\/?$/.test(url.pathname);
  if (!bare || !url.hostname || url.port === '0') {
    throw new DrawbridgeError('invalid_settings', {
      message: 'The address is not host, host:port or a URL without path.',
      where: from.origin,
    });
  }
  const port = url.port || (isUrl ? defaultPort(url.protocol) : from.port || defaultPort(from.protocol));
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function defaultPort(protocol: string): string {
  return protocol === 'http:' ? '80' : '443';
}

/** Whether a URL's host is this machine. Plain http is accepted there and nowhere else without a flag. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname;
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}

/**
 * Parses a URL that will carry credentials and refuses plain http unless it is loopback or explicitly allowed.
 *
 * @throws {DrawbridgeError} `invalid_settings` when it is no http(s) URL, `insecure_url` when it is plain http
 */
export function requireSecureUrl(text: string, options: { allowInsecure?: boolean } = {}): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'A URL that starts with https:// is needed.',
      saw: text,
    });
  }
  if (url.username || url.password) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'A URL with a user name or password in it is refused: URLs end up in logs.',
      where: url.origin,
    });
  }
  if (url.protocol === 'http:' && !options.allowInsecure && !isLoopback(url)) {
    throw new DrawbridgeError('insecure_url', { where: url.origin });
  }
  return url;
}
