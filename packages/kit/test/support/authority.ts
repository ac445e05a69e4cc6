import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const validity = (lifeMs: number) => ({
  notBefore: new Date(Date.now() + Math.min(0, lifeMs) - 60_000),
  notAfter: new Date(Date.now() + lifeMs),
});

export interface Leaf {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority for tests. */
export interface Authority {
  readonly pem: string;
  /** A certificate for a name, valid for these hosts. */
  issue(commonName: string, hosts?: readonly string[]): Promise<Leaf>;
}

let serial = 0;
const nextSerial = () => (Date.now() * 1_000 + ++serial).toString(16).padStart(16, '0');

/** @param lifeMs how long its certificates and its own last from now on; below 0 they have ended */
export async function makeAuthority(name: string, lifeMs = 3_600_000): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const root: X509Certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: nextSerial(),
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    ...validity(lifeMs),
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    pem: root.toString('pem'),
    issue: async (commonName, hosts = []) => {
      const leafKeys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const leaf = await X509CertificateGenerator.create({
        serialNumber: nextSerial(),
        subject: `CN=${commonName}`,
        issuer: root.subject,
        signingKey: keys.privateKey,
        publicKey: leafKeys.publicKey,
        signingAlgorithm: algorithm,
        ...validity(lifeMs),
        extensions: [
          new SubjectAlternativeNameExtension(
            hosts.map((value) => ({
              type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const),
              value,
            })),
          ),
        ],
      });
      const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', leafKeys.privateKey)).toString('base64');
      const key = `-----BEGIN PRIVATE KEY-----\n${der.replace(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----\n`;
      return { cert: leaf.toString('pem'), key };
    },
  };
}
