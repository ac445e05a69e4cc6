import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { manifests } from '../generate/manifests/index.ts';
import { namespace, Settings } from '../generate/manifests/values.ts';
import { root } from '../support/workspace.ts';

const run = promisify(execFile);
const helm = await run('helm', ['version', '--short']).then(
  () => true,
  () => false,
);

describe('settings of the manifests', () => {
  const settings = new Settings();
  const manifest = {
    metadata: { namespace, name: `web-${settings.of('name', 'one')}` },
    spec: {
      replicas: settings.of('web.replicas', 2),
      image: `${settings.of('image.name', 'registry.example/web')}:${settings.of('image.tag', '1.0')}`,
      tag: settings.of('image.tag', '1.0'),
      resources: settings.of('web.resources', { requests: { cpu: '10m' } }),
      containers: [{ env: settings.of('web.env', [{ name: 'A', value: 'b' }]) }],
    },
  };

  it('stand in the plain manifests as their defaults, of their own types', () => {
    expect(settings.plain(manifest)).toEqual({
      metadata: { namespace: 'drawbridge', name: 'web-one' },
      spec: {
        replicas: 2,
        image: 'registry.example/web:1.0',
        tag: '1.0',
        resources: { requests: { cpu: '10m' } },
        containers: [{ env: [{ name: 'A', value: 'b' }] }],
      },
    });
  });

  it('stand in the chart as expressions: texts quoted, trees on lines of their own', () => {
    expect(settings.template(manifest)).toBe(`metadata:
  namespace: {{ .Release.Namespace }}
  name: web-{{ .Values.name }}
spec:
  replicas: {{ .Values.web.replicas }}
  image: {{ .Values.image.name }}:{{ .Values.image.tag }}
  tag: {{ .Values.image.tag | quote }}
  resources: {{- toYaml .Values.web.resources | nindent 4 }}
  containers:
    - env: {{- toYaml .Values.web.env | nindent 8 }}
`);
  });

  it('are the tree of values.yaml', () => {
    expect(settings.tree()).toEqual({
      name: 'one',
      web: { replicas: 2, resources: { requests: { cpu: '10m' } }, env: [{ name: 'A', value: 'b' }] },
      image: { name: 'registry.example/web', tag: '1.0' },
    });
  });

  it('have one default each, and are known', () => {
    expect(() => settings.of('name', 'two')).toThrow('two defaults for name');
    expect(() => new Settings().plain(manifest)).toThrow('no setting');
  });
});

describe('the chart', () => {
  const files = manifests();

  it('names no setting that values.yaml does not have', () => {
    const values = parse(files.get('config/helm/drawbridge/values.yaml') ?? '') as object;
    const templates = [...files].filter(([path]) => path.includes('/templates/'));
    const named = templates.flatMap(([, text]) =>
      [...text.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = '']) => path),
    );
    expect(named.length).toBeGreaterThan(10);
    for (const path of named) expect(at(values, path), path).toBeDefined();
  });

  it.skipIf(!helm)('renders, with its defaults, what the plain manifests are (helm)', async () => {
    const chart = join(root, 'config/helm/drawbridge');
    const given = ['--namespace', 'drawbridge', '--kube-version', '1.34.0'];
    const { stdout } = await run('helm', ['template', 'drawbridge', chart, ...given], {
      maxBuffer: 16 << 20,
    });
    const rendered = objectsIn(stdout);
    const plain = [...files].filter(
      ([path]) => /config\/base\/services\//.test(path) && !path.endsWith('/kustomization.yaml'),
    );
    expect(plain.length).toBeGreaterThan(15);
    for (const object of plain.flatMap(([, text]) => objectsIn(text)))
      expect(rendered).toContainEqual(object);
  });
});

function at(tree: object, path: string): unknown {
  return path.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown>)?.[name], tree);
}

/** Without what the chart alone has: the sum by which pods are made anew, kustomize's own way being another name. */
function objectsIn(text: string): readonly unknown[] {
  return parseAllDocuments(text).map((document) => {
    const object = document.toJS() as { spec?: { template?: { metadata?: { annotations?: object } } } };
    if (object?.spec?.template?.metadata) delete object.spec.template.metadata.annotations;
    return object;
  });
}
