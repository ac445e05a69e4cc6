import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type PeerCertificate } from 'node:tls';
import type { PeerAddress } from './patient.ts';

/** What a server showed; nothing for plain http beyond that something listens. */
export interface PeerReport {
  readonly certificate?: {
    /** OpenSSL's or Node's code of why the chain is not trusted; undefined where it is. */
    readonly refusal: string | undefined;
    /** End of the certificate, in milliseconds since the epoch. */
    readonly expiresAt: number;
    /** Names that it is for. */
    readonly names: string;
    /** Who signed it. */
    readonly signer: string;
  };
}

const connectMs = 5_000;

/**
 * Connects to a server, looks at its certificate without relying on it, and hangs up. Nothing is sent.
 *
 * @throws the socket's error where nothing is reached within five seconds
 */
export function inspectPeer(peer: PeerAddress, signal: AbortSignal): Promise<PeerReport> {
  const { host, port, serverName } = peer;
  return new Promise((resolve, reject) => {
    const late = AbortSignal.any([signal, AbortSignal.timeout(connectMs)]);
    let socket: Socket;
    const end = (finish: () => void) => {
      late.removeEventListener('abort', onLate);
      socket.destroy();
      finish();
    };
    const onLate = () => end(() => reject(late.reason));
    late.addEventListener('abort', onLate, { once: true });
    if (serverName === undefined) {
      socket = connectPlain({ host, port }, () => end(() => resolve({})));
    } else {
      // Trust is what is looked at here; the connection carries nothing.
      const options = {
        host,
        port,
        rejectUnauthorized: false,
        // RFC 6066 has names alone there; an address is compared with the certificate all the same.
        ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
        checkServerIdentity: (_dialled: string, shown: PeerCertificate) =>
          checkServerIdentity(serverName, shown),
      };
      const tls = connectTls(options, () => {
        const { valid_to: end_, subjectaltname, subject, issuer } = tls.getPeerCertificate();
        const certificate = {
          refusal: tls.authorized ? undefined : codeOf(tls.authorizationError),
          expiresAt: Date.parse(end_),
          names: subjectaltname ?? String(subject?.CN ?? 'nobody'),
          signer: String(issuer?.CN ?? issuer?.O ?? 'nobody'),
        };
        end(() => resolve({ certificate }));
      });
      socket = tls;
    }
    socket.on('error', (error) => end(() => reject(error)));
  });
}

/** Documented as an error; Node gives its code as a text for most. */
function codeOf(error: unknown): string {
  if (error instanceof Error) return (error as NodeJS.ErrnoException).code ?? error.message;
  return String(error);
}
