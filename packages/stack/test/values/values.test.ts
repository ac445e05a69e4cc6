import { describe, expect, it } from 'vitest';
import { settleStack } from '../../src/settings/index.ts';
import {
  databaseCluster,
  dnsOverride,
  ingressAlias,
  k3dConfig,
  openbaoValues,
  relayObjects,
  relayUrls,
  zitadelValues,
} from '../../src/values/index.ts';

const settings = settleStack({ folder: '/stack' });
const other = settleStack({ folder: '/stack', domain: 'acme.test', port: 9_000, name: 'lab' });

describe('settings of a stack', () => {
  it('name one port and one issuer everywhere', () => {
    expect(other).toMatchObject({
      issuer: 'http://sso.acme.test:9000',
      openbao: 'http://bao.acme.test:9000',
      address: '127.0.0.1:9000',
    });
  });

  it('leave a standard port out of the issuer, as Zitadel does', () => {
    expect(settleStack({ folder: '/stack', port: 80 }).issuer).toBe('http://sso.harmony.local');
  });

  it.each([
    { name: 'Lab' },
    { name: '-lab' },
    { domain: 'local' },
    { domain: 'a_b.test' },
    { domain: 'a.test/x' },
    { relayImage: 'two words' },
    { relayImage: '' },
  ])('refuse %o', (wrong) => {
    expect(() => settleStack({ folder: '/stack', ...wrong })).toThrow(
      expect.objectContaining({ code: 'invalid_settings' }),
    );
  });
});

describe('the cluster', () => {
  it('maps the one port of this machine alone, and leaves somebody’s kubeconfig as it is', () => {
    expect(k3dConfig(other)).toMatchObject({
      metadata: { name: 'lab' },
      ports: [{ port: '127.0.0.1:9000:80', nodeFilters: ['loadbalancer'] }],
      options: { kubeconfig: { updateDefaultKubeconfig: false, switchCurrentContext: false } },
    });
  });
});

describe('values of Zitadel', () => {
  const values = zitadelValues(other) as Readonly<Record<string, Record<string, unknown>>>;

  it('give the numeric user in every security context, which kubelet needs beside runAsNonRoot', () => {
    const contexts = findAll(values, /securityContext$/i);
    expect(contexts).toHaveLength(4);
    for (const context of contexts) expect(context).toMatchObject({ runAsNonRoot: true, runAsUser: 1_000 });
  });

  it('name no class of an ingress: Traefik ignores those of another controller', () => {
    const ingresses = findAll(values, /^ingress$/);
    expect(ingresses).toHaveLength(2);
    for (const ingress of ingresses)
      expect(ingress).toMatchObject({ enabled: true, className: '', annotations: {} });
    expect(JSON.stringify(values)).not.toContain('ingress.class');
  });

  it('have domain, port and scheme of the issuer', () => {
    const { configmapConfig: config } = values.zitadel as { configmapConfig: Record<string, unknown> };
    const { ExternalDomain, ExternalPort, ExternalSecure } = config;
    const scheme = ExternalSecure ? 'https' : 'http';
    expect(`${scheme}://${String(ExternalDomain)}:${String(ExternalPort)}`).toBe(other.issuer);
  });

  it('take database and passwords from Secrets, and have nothing secret in them', () => {
    const env = values.env as unknown as readonly { name: string; value?: string; valueFrom?: object }[];
    expect(env.find(({ name }) => name.endsWith('_DSN'))?.valueFrom).toEqual({
      secretKeyRef: { name: 'zitadel-db-app', key: 'uri' },
    });
    for (const { value } of env) expect(value).toBeUndefined();
    // The owner that CloudNativePG made may not create databases or users.
    expect(values.initJob).toEqual({ command: 'zitadel' });
  });
});

describe('the database', () => {
  it('is called as its Secret and Service are looked for', () => {
    const { metadata, spec } = databaseCluster();
    expect([`${metadata.name}-app`, metadata.namespace]).toEqual(['zitadel-db-app', 'zitadel']);
    expect(spec.bootstrap.initdb).toEqual({ database: 'zitadel', owner: 'zitadel' });
  });
});

describe('values of OpenBao', () => {
  it('have no injector, whose webhook outlives its namespace, and keep their data', () => {
    expect(openbaoValues(settings)).toMatchObject({
      injector: { enabled: false },
      server: { ingress: { hosts: [{ host: 'bao.harmony.local' }] } },
    });
    expect(JSON.stringify(openbaoValues(settings))).toContain('storage \\"raft\\"');
  });
});

describe('names inside the cluster', () => {
  it('lead to the ingress on the port of the issuer', () => {
    expect(ingressAlias(other).spec.ports).toMatchObject([{ port: 9_000, targetPort: 'web' }]);
    const { metadata, spec } = ingressAlias(other);
    const target = `${metadata.name}.${metadata.namespace}.svc.cluster.local`;
    expect(spec.selector).toEqual({ 'app.kubernetes.io/name': 'traefik' });
    expect(dnsOverride(other).data['drawbridge.override'].trim().split('\n')).toEqual([
      `rewrite name exact sso.acme.test ${target} answer auto`,
      `rewrite name exact bao.acme.test ${target} answer auto`,
    ]);
  });
});

/** Every value below a key of that form, however deep. */
function findAll(tree: unknown, key: RegExp): readonly unknown[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, value]) =>
    key.test(name) ? [value, ...findAll(value, key)] : findAll(value, key),
  );
}

describe('the relay', () => {
  it('asks Zitadel’s Service for the issuer, byte for byte, and names its own Service for the keys', () => {
    const [deployment, service] = relayObjects(other, 'drawbridge:0.1.0');
    const [container] = deployment.spec.template.spec.containers;
    const { hostname, port } = new URL(relayUrls.keys);
    expect(container?.args).toEqual(
      expect.arrayContaining([
        '--issuer=http://sso.acme.test:9000',
        '--zitadel-api=zitadel.zitadel.svc.cluster.local:8080',
        `--url=http://${hostname}:${port}`,
      ]),
    );
    expect(hostname).toBe(`${service.metadata.name}.${service.metadata.namespace}.svc.cluster.local`);
    expect(service.spec.ports[0]?.port).toBe(Number(port));
    expect(deployment.spec.template.metadata.labels).toMatchObject(service.spec.selector);
  });

  it('runs an image that is on the node alone, without rights and as no root', () => {
    const [{ spec }] = relayObjects(settings, 'drawbridge:latest');
    expect(spec.template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true },
      containers: [{ image: 'drawbridge:latest', imagePullPolicy: 'IfNotPresent' }],
    });
  });
});
