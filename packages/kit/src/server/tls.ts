import { constants, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import type { TLSSocket, Server as TlsServer } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { Clock } from '../clock/index.ts';
import { DrawbridgeError } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { chainsTo } from './client-certificate.ts';

/** Files of a TLS server, all PEM. They are read again when their content changes. */
export interface TlsFiles {
  /** Certificate, followed by its intermediates. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Authorities of client certificates. With it, clients are asked for one. */
  readonly clientCaFile?: string;
  /** The same where it is no file: reads the present authorities, PEM. Comes before the file. */
  readonly readClientCa?: () => Promise<string>;
  /** Whether a client without a valid certificate is turned away at the handshake. Default false: it has no identity. */
  readonly clientCertificateRequired?: boolean;
  /** How often the files are looked at, in milliseconds. Default 10,000. */
  readonly reloadMs?: number;
}

interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/**
 * Reads the files and proves that they fit together.
 *
 * @throws {DrawbridgeError} `invalid_settings` when a file cannot be read or key and certificate do not belong together
 */
export async function readTlsMaterial(files: TlsFiles): Promise<TlsMaterial> {
  const [cert, key, ca] = await Promise.all([
    readPem(files.certFile),
    readPem(files.keyFile),
    files.readClientCa?.() ?? (files.clientCaFile === undefined ? undefined : readPem(files.clientCaFile)),
  ]);
  const material = { cert, key, ...(ca === undefined ? {} : { ca }) };
  try {
    createSecureContext(material);
    if (ca !== undefined && splitPem(ca).length === 0) throw new Error('no certificate in the file');
  } catch (cause) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'TLS certificate, key and client authorities do not fit together.',
      where: files.certFile,
      saw: cause instanceof Error ? cause.message : 'an unknown failure',
      cause,
    });
  }
  return material;
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new DrawbridgeError('invalid_settings', {
      message: `The TLS file ${path} cannot be read.`,
      where: path,
      cause,
    });
  }
}

/**
 * No session is resumed: a resumed one is not checked again, so it would outlive a change of the client authorities,
 * and what Node reports of its client certificate has differed between versions. Callers keep connections open anyway.
 */
const contextOptions = { minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET } as const;

/** Options of the TLS server: version, protocol and what is asked of clients. */
export function tlsServerOptions(files: TlsFiles, material: TlsMaterial): ServerOptions {
  const asksClients = material.ca !== undefined;
  return {
    ...material,
    ...contextOptions,
    ALPNProtocols: ['http/1.1'],
    requestCert: asksClients,
    rejectUnauthorized: asksClients && (files.clientCertificateRequired ?? false),
  };
}

interface ReloaderOptions {
  readonly files: TlsFiles;
  readonly server: TlsServer;
  readonly material: TlsMaterial;
  readonly sockets: ReadonlySet<TLSSocket>;
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Looks at the files until the signal aborts and gives a changed set to the server: open connections stay, new ones get
 * the new certificate. Files that do not fit together (a rotation half done) leave the old set in use. Content is
 * compared rather than watched for, since mounted secrets are swapped behind symbolic links.
 */
export async function reloadTls(options: ReloaderOptions, signal: AbortSignal): Promise<void> {
  const { files, server, clock, logger, metrics, name } = options;
  let current = options.material;
  while (!signal.aborted) {
    try {
      await clock.sleep(files.reloadMs ?? 10_000, signal, { background: true });
    } catch {
      return; // only the signal ends a sleep
    }
    try {
      const next = await readTlsMaterial(files);
      if (next.cert === current.cert && next.key === current.key && next.ca === current.ca) continue;
      server.setSecureContext({ ...next, ...contextOptions });
      if (next.ca !== undefined && next.ca !== current.ca) closeDistrusted(options.sockets, next.ca);
      current = next;
      metrics.count('drawbridge_tls_reloads_total', { server: name, outcome: 'ok' });
      logger.info({ path: files.certFile }, 'certificate reloaded');
    } catch (error) {
      metrics.count('drawbridge_tls_reloads_total', { server: name, outcome: 'failed' });
      logger.warn({ path: files.certFile, err: error }, 'certificate not reloaded; the old one stays in use');
    }
  }
}

function closeDistrusted(sockets: ReadonlySet<TLSSocket>, ca: string): void {
  const authorities = splitPem(ca).map((pem) => new X509Certificate(pem));
  for (const socket of sockets) {
    const certificate = socket.getPeerX509Certificate();
    if (certificate && !chainsTo(certificate, authorities)) socket.destroy();
  }
}

function splitPem(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}
