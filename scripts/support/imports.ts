/** One import, export-from or dynamic import in a source text. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

const pattern = /(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)(['"])([^'"\n]+)\1/gm;

/** The imports of a TypeScript text; those in comments (examples) are left out. */
export function importsOf(source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...code.matchAll(pattern)].map((match) => ({
    specifier: match[2] ?? '',
    line: code.slice(0, match.index).split('\n').length,
  }));
}
