/** Longest text that is kept of a body, in characters. */
const longest = 1_000;
const mostItems = 5;
const deepest = 6;

/**
 * Fields whose text may be shown: what something is and how it stands. Whatever is not named here, names and addresses of people
 * included, is taken out, so that a field of a later version of Zitadel or NetBird shows nothing by mistake.
 */
const shown =
  /^(?:id|ids|.*[a-z]Ids?|.*_ids?|state|status|type|roles?|roleKeys?|auto_groups|.*Method|.*Date|.*_(?:at|login)|timestamp|issued|sortingColumn)$/;
/** And of a refusal, what it says. */
const shownOfFailure = /^(?:code|message|error|error_description|details)$/;

/** A body as it may be kept: its form, with the text of few fields. What is no JSON is told by its length. */
export function redactBody(body: string, { failed = false } = {}): string | null {
  if (body === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return `${body.length} characters that are no JSON`;
  }
  const text = JSON.stringify(redact(value, { failed, open: false, depth: 0 }));
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;
}

interface Place {
  readonly failed: boolean;
  /** Whether text is shown here. */
  readonly open: boolean;
  readonly depth: number;
}

function redact(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return place.open && isHarmless(value) ? value : '[redacted]';
  if (typeof value !== 'object' || value === null) return value;
  const depth = place.depth + 1;
  if (depth > deepest) return '…';
  if (Array.isArray(value)) {
    const kept = value.slice(0, mostItems).map((one) => redact(one, { ...place, depth }));
    return value.length > mostItems ? [...kept, `… ${value.length - mostItems} more`] : kept;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      const open = shown.test(key) || (place.failed && shownOfFailure.test(key));
      return [key, redact(one, { ...place, open, depth })];
    }),
  );
}

/** No token, whatever field it stands in, and nothing that the database cannot hold. */
function isHarmless(text: string): boolean {
  return text.length <= 300 && text.isWellFormed() && !/eyJ|nbp_|PRIVATE KEY|\0/.test(text);
}
