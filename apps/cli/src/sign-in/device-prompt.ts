import type { DevicePrompt } from '@drawbridge/zitadel';
import type { Context } from '../context.ts';
import { startCountdown, wrap } from '../terminal/index.ts';
import type { Opener } from './open-browser.ts';
import { qrLines } from './qr.ts';

/**
 * Shows where to go and what to type, apart from each other, and how much time is left. On a terminal keys open the browser and copy
 * the code.
 *
 * @returns what takes countdown and keys away
 */
export function showDevicePrompt(
  context: Context,
  { verificationUri, userCode, expiresAt }: DevicePrompt,
  opener: Opener | undefined,
): () => void {
  const { terminal } = context;
  if (terminal.json) {
    terminal.event('code', { verificationUri, userCode, expiresAt: new Date(expiresAt).toISOString() });
    return () => undefined;
  }
  const advice = 'only if you started this sign-in yourself';
  const texts = [`  open   ${verificationUri}`, `  type   ${userCode}     ${advice}`];
  const narrow = [
    texts[0] ?? '',
    '',
    `  type   ${userCode}`,
    ...wrap(advice, 30).map((line) => `         ${line}`),
  ];
  for (const line of withQr(context, { texts, narrow, link: verificationUri })) terminal.note(line);
  const keys: Keys = {
    ...(opener ? { o: { does: 'open browser', act: () => opener(verificationUri) } } : {}),
    c: { does: 'copy code', act: () => terminal.copy(userCode) },
  };
  const stopListening = terminal.style.live ? listen(context, keys) : undefined;
  const hints = Object.entries(keys).map(([key, { does }]) => `${key} ${does}`);
  const countdown = startCountdown(terminal, {
    what: 'waiting',
    until: expiresAt,
    hint: stopListening ? [...hints, 'Ctrl-C stop'].join('   ') : '',
  });
  return () => {
    countdown.end();
    stopListening?.();
  };
}

type Keys = Readonly<Record<string, { readonly does: string; readonly act: () => void }>>;

const gap = 3;

interface Texts {
  readonly texts: readonly string[];
  /** The same for a narrow column. */
  readonly narrow: readonly string[];
  readonly link: string;
}

/** The texts with the QR code of the link right of them where it fits, else below; without it where a terminal could not draw it. */
function withQr({ terminal }: Context, { texts, narrow, link }: Texts): readonly string[] {
  const { live, unicode, colour, columns } = terminal.style;
  if (!live || !unicode || !colour) return texts;
  const { lines, width } = qrLines(link);
  const room = Math.min(columns, 80) - width - gap;
  if (narrow.some(({ length }) => length > room)) return [...texts, '', ...lines.map((line) => `  ${line}`)];
  const first = Math.max(0, Math.floor((lines.length - narrow.length) / 2));
  return lines.map((line, at) => `${(narrow[at - first] ?? '').padEnd(room + gap)}${line}`);
}

/** Reads single keys until it is told to stop. Nothing where keys cannot be read one by one. */
function listen({ terminal }: Context, keys: Keys): (() => void) | undefined {
  const input = terminal.asksPerson;
  if (!input?.setRawMode) return undefined;
  const onData = (chunk: Buffer) => {
    for (const key of chunk.toString()) {
      // In this mode the terminal does not make a signal of it.
      if (key === '\u0003') process.kill(process.pid, 'SIGINT');
      else keys[key.toLowerCase()]?.act();
    }
  };
  input.setRawMode(true);
  input.on('data', onData);
  input.resume();
  return () => {
    input.off('data', onData);
    input.pause();
    input.setRawMode(false);
  };
}
