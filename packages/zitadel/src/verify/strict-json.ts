/** Objects in objects in a token: Zitadel's deepest claim has three levels. */
const deepest = 16;

/**
 * Parses JSON and refuses an object that names a key twice: two readers would pick different ones. `JSON.parse` keeps the
 * last silently, so the text is walked once more for its keys.
 *
 * @returns undefined when it is no JSON object, has a key twice or is too deep
 * @see RFC 8725 section 2.10, RFC 7519 section 4
 */
export function parseStrictObject(text: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return hasUniqueKeys(text) ? (value as Record<string, unknown>) : undefined;
}

/** Walks text that is known to be valid JSON. */
function hasUniqueKeys(text: string): boolean {
  const open: (Set<string> | undefined)[] = []; // one entry a level; undefined for arrays
  let expectKey = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (expectKey && keys) {
        const key: unknown = JSON.parse(text.slice(at, end + 1));
        if (typeof key !== 'string' || keys.has(key)) return false;
        keys.add(key);
        expectKey = false;
      }
      at = end;
    } else if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined);
      if (open.length > deepest) return false;
      expectKey = char === '{';
    } else if (char === '}' || char === ']') {
      open.pop();
      expectKey = false;
    } else if (char === ',') {
      expectKey = open.at(-1) !== undefined;
    }
  }
  return true;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
