import { labelsOf, nameOf, type Program } from './service.ts';
import { namespace } from './values.ts';

const apiVersion = 'cert-manager.io/v1';

/** An authority of this installation alone, from which the programs' certificates come. */
export function authority(): object[] {
  const metadata = (name: string) => ({ name, namespace });
  return [
    { apiVersion, kind: 'Issuer', metadata: metadata('drawbridge-selfsigned'), spec: { selfSigned: {} } },
    {
      apiVersion,
      kind: 'Certificate',
      metadata: metadata('drawbridge-ca'),
      spec: {
        isCA: true,
        commonName: 'drawbridge',
        secretName: 'drawbridge-ca',
        duration: '43800h',
        privateKey: { algorithm: 'ECDSA', size: 256 },
        issuerRef: { name: 'drawbridge-selfsigned', kind: 'Issuer' },
      },
    },
    {
      apiVersion,
      kind: 'Issuer',
      metadata: metadata('drawbridge-ca'),
      spec: { ca: { secretName: 'drawbridge-ca' } },
    },
  ];
}

/** The certificate of a program's Service. Renewed a third of its life before its end; the program reads it anew. */
export function certificate(program: Program): object {
  const name = nameOf(program);
  return {
    apiVersion,
    kind: 'Certificate',
    metadata: { name: `${name}-tls`, namespace, labels: labelsOf(program) },
    spec: {
      secretName: `${name}-tls`,
      dnsNames: [`${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`],
      duration: '2160h',
      renewBefore: '720h',
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      usages: ['server auth'],
      issuerRef: { name: 'drawbridge-ca', kind: 'Issuer' },
    },
  };
}
