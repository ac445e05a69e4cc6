/** Deepest nesting that is parsed. Zitadel's own bodies have fewer than ten levels. */
const deepest = 32;

/** What became of a text: its value, or why it has none. */
export type BoundedJson =
  | { readonly value: unknown }
  | { readonly problem: 'not_json' }
  | { readonly problem: 'too_deep' };

/**
 * Parses JSON that a stranger may have written. The depth is counted before, since everything that walks the value later
 * does so by recursion.
 */
export function parseBoundedJson(text: string): BoundedJson {
  if (isTooDeep(text)) return { problem: 'too_deep' };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { problem: 'not_json' };
  }
}

/** Brackets inside strings do not count. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === 0x5c) at++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > deepest) return true;
    } else if (char === 0x7d || char === 0x5d) depth--;
  }
  return false;
}

/** Whether a parsed value is an object with keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
