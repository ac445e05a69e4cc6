/**
 * Takes out of a log what looks like a token, a password or a key: whoever logged it, it is no error's business. Names and paths stay, since
 * they tell what went wrong.
 */
export function maskLog(log: string): string {
  return log
    .replace(/-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g, redacted)
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, redacted)
    .replace(/\b(?:hv[sbr]|[sbr])\.[\w-]{20,}/g, redacted)
    .replace(
      /((?:password|passwd|secret|token|masterkey|api[_-]?key)["']?\s*[=:]\s*)("[^"]*"|\S+)/gi,
      `$1${redacted}`,
    )
    .replace(/(:\/\/[^\s:/@]*:)[^\s@/]+@/g, `$1${redacted}@`)
    .replace(/(?<![\w./:-])\w[\w+/=-]{31,}/g, (word) => (isRandom(word) ? redacted : word));
}

const redacted = '[redacted]';

/** Hexadecimal digits, or letters of both cases among digits: nobody names anything like that. */
function isRandom(word: string): boolean {
  return /^[0-9a-f]+$/i.test(word) || (/[A-Z]/.test(word) && /[a-z]/.test(word) && /\d/.test(word));
}
