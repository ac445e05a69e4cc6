/** A text as a value, and as which text it may have been meant. */
export interface Scalar {
  readonly value: unknown;
  /** Absent where there is no other reading. */
  readonly orText?: string;
}

/**
 * Reads a text as JSON where it is JSON, else as itself. A number is taken for one only as JSON itself would write it, so that `007`,
 * `1e5` and a long serial number stay texts.
 */
export function readScalar(text: string): Scalar {
  const first = text.trimStart().charAt(0);
  const isStructure = first === '{' || first === '[' || first === '"';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { value: text };
  }
  if (isStructure) return { value, orText: text };
  return JSON.stringify(value) === text ? { value, orText: text } : { value: text };
}
