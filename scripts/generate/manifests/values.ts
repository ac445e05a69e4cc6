import { stringify } from 'yaml';

/** A setting of the chart, by its path in values.yaml; what stands in the plain manifests is its default. */
export type Setting = string;

const begin = '\u27e6';
const end = '\u27e7';
const whole = new RegExp(`^${begin}([^${end}]+)${end}$`);
const within = new RegExp(`${begin}([^${end}]+)${end}`, 'g');

/** Where the objects are: the release's namespace in the chart, this one in the plain manifests. */
export const plainNamespace = 'drawbridge';
export const namespace: Setting = `${begin}namespace${end}`;

/** The settings that the manifests name, each with its default. */
export class Settings {
  readonly #defaults = new Map<string, unknown>();

  /** Stands for a setting wherever a manifest has a value, or a part of a text. */
  of(path: string, byDefault: unknown): Setting {
    const known = this.#defaults.get(path);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(byDefault))
      throw new Error(`two defaults for ${path}`);
    this.#defaults.set(path, byDefault);
    return `${begin}${path}${end}`;
  }

  /** The defaults as the tree that values.yaml is. */
  tree(): Record<string, unknown> {
    const tree: Record<string, unknown> = {};
    for (const [path, value] of this.#defaults) {
      const names = path.split('.');
      const last = names.pop() ?? path;
      let at = tree;
      for (const name of names) {
        at[name] ??= {};
        at = at[name] as Record<string, unknown>;
      }
      at[last] = value;
    }
    return tree;
  }

  /** A manifest with each setting's default in its place. */
  plain(manifest: unknown): unknown {
    if (typeof manifest === 'string') {
      const [, path] = whole.exec(manifest) ?? [];
      if (path !== undefined) return this.#default(path);
      return manifest.replaceAll(within, (_all, inner: string) => String(this.#default(inner)));
    }
    if (Array.isArray(manifest)) return manifest.map((entry) => this.plain(entry));
    if (typeof manifest !== 'object' || manifest === null) return manifest;
    return Object.fromEntries(Object.entries(manifest).map(([key, value]) => [key, this.plain(value)]));
  }

  /** A manifest as a template of the chart. */
  template(manifest: unknown): string {
    const text = yaml(manifest).replaceAll(
      new RegExp(`^( *)(.*?)${begin}([^${end}]+)${end}(.*)$`, 'gm'),
      (line: string, indent: string, before: string, path: string, after: string) => {
        const alone = after === '' && /^(?:- )?[^:]+: $|^- $/.test(before);
        if (alone && typeof this.#default(path) === 'object') {
          const depth = indent.length + (before.startsWith('- ') ? 4 : 2);
          return `${indent}${before.trimEnd()} {{- toYaml .Values.${path} | nindent ${depth} }}`;
        }
        const quoted = alone && path !== 'namespace' && typeof this.#default(path) === 'string';
        return line.replaceAll(within, (_all, inner: string) => expression(inner, quoted));
      },
    );
    return text;
  }

  #default(path: string): unknown {
    if (path === 'namespace') return plainNamespace;
    if (!this.#defaults.has(path)) throw new Error(`no setting ${path}`);
    return this.#defaults.get(path);
  }
}

/** One or several manifests as YAML. */
export function yaml(manifest: unknown): string {
  return stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false });
}

function expression(path: string, quoted: boolean): string {
  if (path === 'namespace') return '{{ .Release.Namespace }}';
  return `{{ .Values.${path}${quoted ? ' | quote' : ''} }}`;
}
