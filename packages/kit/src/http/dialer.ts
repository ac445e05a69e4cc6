import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { Agent, buildConnector } from 'undici';
import { type DialAddress, parseAddress } from './addresses.ts';
import type { ClientIdentity } from './client.ts';

type Connector = ReturnType<typeof buildConnector>;

interface DialerOptions {
  readonly addresses: Readonly<Record<string, string>>;
  readonly ca: string | readonly string[] | undefined;
  readonly identity: ClientIdentity | undefined;
  readonly connectMs: number;
  readonly responseMs: number;
  readonly maxResponseBytes: number;
  readonly connections: number | undefined;
}

/**
 * An undici agent that dials where it is told. For a mapped origin the TCP connection goes to the address, while Host,
 * TLS server name and the name the certificate must carry stay those of the origin.
 */
export function createAgent(undici: typeof import('undici'), options: DialerOptions): Agent {
  const { ca, identity } = options;
  const common = {
    timeout: options.connectMs,
    allowH2: false,
    ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
    ...(identity === undefined ? {} : { cert: identity.cert, key: identity.key.expose() }),
  };
  const direct = undici.buildConnector(common);
  const mapped = new Map<string, Connector>();
  for (const [origin, address] of Object.entries(options.addresses)) {
    const url = new URL(origin);
    mapped.set(keyOf(url.protocol, url.host), dialAt(undici, common, parseAddress(address, origin), url));
  }
  return new undici.Agent({
    allowH2: false,
    headersTimeout: options.responseMs,
    bodyTimeout: options.responseMs,
    maxResponseSize: options.maxResponseBytes,
    ...(options.connections === undefined ? {} : { connections: options.connections }),
    connect: (target, callback) => {
      (mapped.get(keyOf(target.protocol, target.host ?? target.hostname)) ?? direct)(target, callback);
    },
  });
}

function dialAt(
  undici: typeof import('undici'),
  common: Parameters<typeof buildConnector>[0],
  to: DialAddress,
  origin: URL,
): Connector {
  const name = origin.hostname.replace(/^\[|\]$/g, '');
  // TLS knows no server name that is an IP address; then only the certificate's own check can name it.
  const identity =
    isIP(name) === 0
      ? { servername: name }
      : {
          checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
            checkServerIdentity(name, certificate),
        };
  const connect = undici.buildConnector({ ...common, ...identity });
  return (target, callback) => {
    const { servername: _replaced, ...rest } = target;
    connect({ ...rest, hostname: to.host, port: String(to.port) }, callback);
  };
}

type PeerCertificate = Parameters<typeof checkServerIdentity>[1];

function keyOf(protocol: string, host: string): string {
  return `${protocol}//${host}`;
}
