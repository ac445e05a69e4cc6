import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@drawbridge/kit';

/** A certificate for this machine, and the authority that vouches for it. */
export interface LocalCertificate {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** PEM of the authority. */
  readonly ca: string;
}

const dayMs = 86_400_000;
const lifeMs = 365 * dayMs;
/** So long before its end a new one is made. */
const restMs = 30 * dayMs;

/**
 * The certificate kept in a folder, or a new one where there is none that lasts. The authority signs once and its key is kept nowhere,
 * so that nobody can make it vouch for another server.
 */
export async function keepCertificate(folder: string): Promise<LocalCertificate> {
  const files = {
    caFile: join(folder, 'kube-ca.crt'),
    certFile: join(folder, 'kube-tls.crt'),
    keyFile: join(folder, 'kube-tls.key'),
  };
  const kept = await readFile(files.caFile, 'utf8').catch(() => undefined);
  if (kept !== undefined && (await lasts(files.certFile))) return { ...files, ca: kept };
  const { ca, cert, key } = await makeCertificate();
  await writeFileAtomic(files.keyFile, key, { mode: 0o600 });
  await writeFileAtomic(files.certFile, cert, { mode: 0o600 });
  await writeFileAtomic(files.caFile, ca, { mode: 0o600 });
  return { ...files, ca };
}

async function lasts(certFile: string): Promise<boolean> {
  try {
    const { validTo } = new X509Certificate(await readFile(certFile));
    return Date.parse(validTo) - restMs > Date.now();
  } catch {
    return false; // not there, or cut short
  }
}

async function makeCertificate() {
  // Its library wants metadata by reflection to be there first.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const newPair = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const [authority, server] = await Promise.all([newPair(), newPair()]);
  const validity = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + lifeMs) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=drawbridge dev',
    keys: authority,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const cert = await x509.X509CertificateGenerator.create({
    subject: 'CN=drawbridge dev apiserver',
    issuer: ca.subject,
    signingKey: authority.privateKey,
    publicKey: server.publicKey,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
      ]),
    ],
  });
  const key = x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', server.privateKey),
    'PRIVATE KEY',
  );
  return { ca: ca.toString('pem'), cert: cert.toString('pem'), key: `${key}\n` };
}
