/** One `drawbridge …` in a page, as it was written there. */
export interface WrittenCommand {
  readonly page: string;
  readonly line: number;
  /** What follows the program's name. */
  readonly words: readonly string[];
  /** Whether it is to be typed as it is, so that nothing that is needed may be missing. */
  readonly whole: boolean;
}

/** Every call of the command in a page: in its blocks of code, and in code within its sentences. */
export function commandsOf(page: string, text: string): readonly WrittenCommand[] {
  const found: WrittenCommand[] = [];
  const take = (line: number, code: string, typed: boolean) => {
    for (const words of callsIn(code))
      found.push({ page, line, words, whole: typed && !words.some((word) => word.includes('…')) });
  };
  let language: string | undefined;
  let begun: { readonly line: number; readonly text: string } | undefined;
  for (const [at, raw] of text.split('\n').entries()) {
    const fence = /^\s*```(\w*)/.exec(raw);
    if (fence) {
      language = language === undefined ? (fence[1] ?? '') : undefined;
    } else if (language === undefined) {
      for (const [, span = ''] of raw.matchAll(/`([^`]+)`/g))
        take(at + 1, span.replaceAll('\\|', '|'), false);
    } else {
      const whole = { line: begun?.line ?? at + 1, text: `${begun?.text ?? ''}${raw}` };
      begun = raw.endsWith('\\') ? { ...whole, text: whole.text.slice(0, -1) } : undefined;
      // What a terminal showed is not typed, except behind its prompt.
      const shown = language === 'text' && !/^\s*\$ /.test(whole.text);
      if (!begun && !shown) take(whole.line, whole.text, language === 'sh' || language === 'bash');
    }
  }
  return found;
}

/** What a line runs, where it is the command of ours. */
function callsIn(line: string): readonly (readonly string[])[] {
  return simpleCommands(line).flatMap((words) => {
    const at = words.findIndex((word) => !isBefore(word));
    const rest = at < 0 ? [] : words.slice(at);
    if (rest[0] === 'drawbridge' || rest[0] === '/usr/bin/drawbridge') return [rest.slice(1)];
    const entry = words.findIndex((word) => /apps\/cli\/(?:dist\/main\.js|src\/main\.ts)$/.test(word));
    if (entry >= 0) return [words.slice(entry + 1)];
    // The image's entry point is the command.
    const container = /^docker compose run --rm (?:\S+ )?directory (.+)$/.exec(rest.join(' '));
    if (container?.[1] !== undefined) return [container[1].split(' ')];
    return [];
  });
}

/** Variables for one call, and programs that start another. */
function isBefore(word: string): boolean {
  return /^[A-Z_][A-Z0-9_]*=/.test(word) || ['sudo', 'exec', 'npx', 'env', '$', '-', 'run:'].includes(word);
}

/** The words of each command of a line: without quotes, remarks and where the output goes. */
function simpleCommands(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  const pattern =
    /\s+#.*$|^\s*#.*$|\|\||&&|[|;()&]|\$\(|\d?>>?\s*\S+|<\(|((?:'[^']*'|"[^"]*"|\\.|[^\s'"|;()&><])+)/g;
  for (const [whole, word] of line.matchAll(pattern)) {
    if (word !== undefined) commands.at(-1)?.push(word.replaceAll(/['"]/g, ''));
    else if (/^(?:\|\|?|&&?|;|\(|\)|\$\(|<\()$/.test(whole)) commands.push([]);
  }
  return commands.filter((words) => words.length > 0);
}
