/** Takes texts out of a stream of bytes, also where they come in pieces. */
export interface Redactor {
  /** What may be passed on by now. */
  push(chunk: Buffer): Buffer;
  /** The rest. */
  end(): Buffer;
}

/** Shorter ones are everywhere: to take them out would leave nothing readable. */
const shortest = 4;
const replacement = '[redacted]';

/**
 * Makes a redactor. Nothing is held back but what may be the beginning of a secret, so that a prompt without a line end is seen.
 *
 * It is a help against mistakes and no fence: a program that encodes a secret, or writes it letter by letter with others between, is
 * not hindered.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  // A byte as a character: a secret may be cut within one of its letters.
  const wanted = [...new Set(secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]))]
    .filter((secret) => secret.length >= shortest)
    .map((secret) => Buffer.from(secret).toString('latin1'))
    // The longest first, so that one that holds another is not left with its ends.
    .toSorted((a, b) => b.length - a.length);
  let kept = '';
  const pass = (text: string) => Buffer.from(text, 'latin1');
  return {
    push(chunk) {
      const { clean, rest } = scan(kept + chunk.toString('latin1'), wanted);
      kept = rest;
      return pass(clean);
    },
    end() {
      // What is left began as a secret and did not become one.
      const last = kept;
      kept = '';
      return pass(scan(last, wanted, true).clean);
    },
  };
}

function scan(
  text: string,
  wanted: readonly string[],
  isEnd = false,
): { readonly clean: string; readonly rest: string } {
  let clean = '';
  let at = 0;
  while (at < text.length) {
    const here = at;
    // A longer one may still come to an end with the next piece: then the shorter one within it has to wait.
    const mayBecome =
      !isEnd && wanted.some((one) => one.length > text.length - here && one.startsWith(text.slice(here)));
    if (mayBecome) break;
    const found = wanted.find((one) => text.startsWith(one, here));
    clean += found ? replacement : text.charAt(at);
    at += found?.length ?? 1;
  }
  return { clean, rest: text.slice(at) };
}
