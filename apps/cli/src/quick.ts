/** Flags of `config get` that a value follows, and those without one. */
const withValue: Readonly<Record<string, string>> = {
  '--app': 'app',
  '--environment': 'environment',
  '--file': 'file',
  '--env-prefix': 'envPrefix',
  '--openbao': 'openbao',
  '--role': 'role',
  '--definitions': 'definitions',
  '--data-dir': 'dataDir',
};
const alone: Readonly<Record<string, readonly [string, boolean]>> = {
  '--json': ['json', true],
  '--fresh': ['fresh', true],
  '--utc': ['utc', true],
  '--debug': ['debug', true],
  '--no-color': ['color', false],
};

/** A `config get` that was typed plainly. */
export interface QuickGet {
  readonly name: string;
  readonly flags: Readonly<Record<string, string | boolean>>;
}

/**
 * Reads the one command line that scripts call again and again, without loading the whole command line for it. Undefined for whatever is
 * not plainly that: then the other way says what is wrong with it.
 */
export function readQuickGet([group, command, ...rest]: readonly string[]): QuickGet | undefined {
  if (group !== 'config' || command !== 'get') return undefined;
  const flags: Record<string, string | boolean> = {};
  const names: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    const next = rest[at + 1];
    const single = alone[word];
    const valued = withValue[word];
    if (single) flags[single[0]] = single[1];
    else if (valued !== undefined && next !== undefined && !next.startsWith('-')) {
      flags[valued] = next;
      at++;
    } else if (word.startsWith('-')) return undefined;
    else names.push(word);
  }
  const [name, ...others] = names;
  return name === undefined || others.length > 0 ? undefined : { name, flags };
}
