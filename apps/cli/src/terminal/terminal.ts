import { glyph, type Mark, plain, type Style, styleOf } from './style.ts';

/** The streams and environment of one invocation; tests give their own. */
export interface Io {
  readonly stdout: {
    write(text: string): unknown;
    once?(event: 'drain', listener: () => void): unknown;
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly env: NodeJS.ProcessEnv;
  /** Where answers to questions come from; absent where nobody can be asked. */
  readonly stdin?: NodeJS.ReadStream;
}

export interface TerminalOptions {
  readonly json: boolean;
  readonly colour: boolean;
}

/** Writes for people on stderr and the answer on stdout; with `--json` the answer is one document. */
export class Terminal {
  readonly json: boolean;
  readonly #io: Io;
  readonly #colour: boolean;
  #answerStyle: Style | undefined;
  #style: Style | undefined;

  constructor(io: Io, options: TerminalOptions) {
    this.#io = io;
    this.json = options.json;
    this.#colour = options.colour;
  }

  /** What stdout can show. */
  get answerStyle(): Style {
    this.#answerStyle ??= styleOf(this.#io.stdout, this.#io.env, { colour: this.#colour });
    return this.#answerStyle;
  }

  /** What stderr can show. */
  get style(): Style {
    this.#style ??= styleOf(this.#io.stderr, this.#io.env, { colour: this.#colour });
    return this.#style;
  }

  /** One line of the answer. */
  answer(line: string): void {
    this.#io.stdout.write(`${plain(line, this.answerStyle)}\n`);
  }

  /** The answer as a document; its schema carries a version, within which fields are only added. */
  document(value: Readonly<Record<string, unknown>>): void {
    this.#io.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Whether the answer is read by a person: tables then have a header. */
  get answersPerson(): boolean {
    return this.#io.stdout.isTTY === true;
  }

  get answerColumns(): number {
    return this.answersPerson ? this.answerStyle.columns : Number.POSITIVE_INFINITY;
  }

  /** Text of the answer as it is. Resolves when whoever reads is ready for more: a stream is never kept here. */
  async write(text: string): Promise<void> {
    const { stdout } = this.#io;
    if (stdout.write(text) === false && stdout.once)
      await new Promise((resolve) => stdout.once?.('drain', () => resolve(undefined)));
  }

  /** One line of a stream of documents, where `--json` asks for them. */
  event(event: string, content: Readonly<Record<string, unknown>> = {}): void {
    if (this.json) this.document({ event, time: new Date().toISOString(), ...content });
  }

  /** Where a person can be asked something. */
  get asksPerson(): NodeJS.ReadStream | undefined {
    const { stdin, stderr } = this.#io;
    return stdin?.isTTY === true && stderr.isTTY === true && !this.json ? stdin : undefined;
  }

  /** Whether a person sits here at all, whatever form answers have. */
  get hasPerson(): boolean {
    const { stdin, stderr } = this.#io;
    return stdin?.isTTY === true && stderr.isTTY === true;
  }

  /** Hands a text to the clipboard of whoever looks at this terminal, near or far (OSC 52). */
  copy(text: string): void {
    this.draw(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`);
  }

  /** One line of what happens beside the answer; silent with `--json`. */
  note(line: string): void {
    if (!this.json) this.#io.stderr.write(`${plain(line, this.style)}\n`);
  }

  /** A note that begins with a glyph, its columns aligned and its time at the right edge. */
  mark(mark: Mark, columns: readonly string[], time = ''): void {
    this.note(this.line(mark, columns, time));
  }

  /** What {@link Terminal.mark} prints. */
  line(mark: Mark, columns: readonly string[], time = ''): string {
    const width = this.style.live ? Math.min(this.style.columns, 80) : 80;
    const [first = '', ...rest] = columns;
    const head = `${glyph(mark, this.style)} ${first.padEnd(13)} ${rest.join('  ')}`;
    const visible = head.length - (this.style.colour ? 9 : 0);
    const room = width - visible - time.length;
    if (time === '') return head.trimEnd();
    return room >= 1 ? `${head}${' '.repeat(room)}${time}` : `${head}  ${time}`;
  }

  /** A glyph of the answer and what it is about. */
  sign(mark: Mark, text: string): string {
    return `${glyph(mark, this.answerStyle)} ${text}`;
  }

  /** Raw text on stderr, for lines that are drawn again. */
  draw(text: string): void {
    if (!this.json) this.#io.stderr.write(text);
  }

  /** An error, as a document of its own with `--json`. Always on stderr: the answer stays empty. */
  failure(text: string): void {
    this.#io.stderr.write(`${plain(text, this.style)}\n`);
  }
}
