/** State of a line, shown as a glyph; see the words in `glyphs`. */
export type Mark = 'ok' | 'fail' | 'warn' | 'wait' | 'skip' | 'held';

const glyphs: Record<Mark, { unicode: string; ascii: string; colour: number }> = {
  ok: { unicode: '✓', ascii: 'ok', colour: 32 },
  fail: { unicode: '✗', ascii: 'FAIL', colour: 31 },
  warn: { unicode: '!', ascii: 'WARN', colour: 33 },
  wait: { unicode: '…', ascii: 'wait', colour: 33 },
  skip: { unicode: '–', ascii: 'skip', colour: 90 },
  held: { unicode: '‖', ascii: 'HELD', colour: 31 },
};

/** What a stream can show. */
export interface Style {
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Whether lines may be drawn again. */
  readonly live: boolean;
  readonly columns: number;
}

interface Tty {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Finds out what a stream can show; `--no-color` comes in as `colour: false`. */
export function styleOf(
  stream: Tty,
  env: NodeJS.ProcessEnv,
  options: { readonly colour?: boolean } = {},
): Style {
  const terminal = stream.isTTY === true && env.TERM !== 'dumb';
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  return {
    colour: options.colour !== false && !env.NO_COLOR && (terminal || forced),
    unicode: /utf-?8/i.test(locale),
    live: terminal && !env.CI && !env.ACCESSIBLE,
    // A terminal that does not know its width says 0.
    columns: Math.max(40, stream.columns || 80),
  };
}

/** The glyph of a mark, padded so that what follows aligns, coloured where that is wanted. */
export function glyph(mark: Mark, style: Style): string {
  const { unicode, ascii, colour } = glyphs[mark];
  const text = style.unicode ? unicode : ascii.padEnd(4);
  return paint(text, colour, style);
}

/** Colours a text, where the stream shows colours. Only glyphs and words of state are coloured. */
export function paint(text: string, colour: number, style: Style): string {
  return style.colour && text !== '' ? `\u001b[${colour}m${text}\u001b[0m` : text;
}

/** A duration as people read it: `310 ms`, `1.4 s`, `2:04`. */
export function duration(ms: number): string {
  // The bounds are where rounding would carry into the next unit.
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const signs: readonly (readonly [string, string])[] = [
  ['…', '...'],
  ['–', '-'],
  ['✓', 'ok'],
  ['✗', 'FAIL'],
  ['‖', 'HELD'],
  ['━', '='],
  ['─', '-'],
];

/** Dashes and dots that only a UTF-8 terminal can show become plain ones. */
export function plain(text: string, style: Style): string {
  if (style.unicode) return text;
  return signs.reduce((shown, [sign, word]) => shown.replaceAll(sign, word), text);
}
