import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';

/** Who a caller is by its verified client certificate. */
export interface ClientCertificate {
  readonly commonName: string;
  readonly certificate: X509Certificate;
}

/**
 * The caller's client certificate, if it sent one that chains to the server's client authorities on this very
 * connection. A resumed TLS session that carries no certificate has no identity, whatever the session it came from had.
 */
export function clientCertificate(request: Pick<FastifyRequest, 'raw'>): ClientCertificate | undefined {
  const { socket } = request.raw;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  const commonName = readCommonName(socket);
  return commonName === undefined ? undefined : { commonName, certificate };
}

function readCommonName(socket: TLSSocket): string | undefined {
  // Node's type says a string, but a subject with two CNs gives an array: that is nobody in particular.
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** Whether a certificate still chains to one of these authorities. Signatures inside the chain were checked at the handshake. */
export function chainsTo(certificate: X509Certificate, authorities: readonly X509Certificate[]): boolean {
  let at: X509Certificate | undefined = certificate;
  for (let depth = 0; at && depth < 10; depth++) {
    const link: X509Certificate = at;
    if (authorities.some((authority) => link.checkIssued(authority) && link.verify(authority.publicKey)))
      return true;
    at = link.issuerCertificate;
    if (at?.fingerprint256 === link.fingerprint256) return false;
  }
  return false;
}
