/**
 * Reads `zitadel.v1.ErrorDetail` (field 1 the id, field 2 the text) from its protobuf bytes. Nothing but these two
 * fields of one message is ever decoded, so that no protobuf library is loaded for it.
 *
 * @returns undefined when the bytes are no such message
 */
export function decodeErrorDetail(
  base64: string,
): { readonly id: string; readonly message: string } | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const fields = new Map<number, string>();
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (!tag) return undefined;
    at = tag.next;
    const wireType = tag.value % 8;
    if (wireType === 0) {
      const skipped = readVarint(bytes, at);
      if (!skipped) return undefined;
      at = skipped.next;
    } else if (wireType === 2) {
      const length = readVarint(bytes, at);
      if (!length || length.next + length.value > bytes.length) return undefined;
      fields.set(Math.floor(tag.value / 8), bytes.toString('utf8', length.next, length.next + length.value));
      at = length.next + length.value;
    } else {
      return undefined;
    }
  }
  const id = fields.get(1);
  return id ? { id, message: fields.get(2) ?? '' } : undefined;
}

/** A base-128 number of at most five bytes; lengths and tags need no more. */
function readVarint(bytes: Buffer, start: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    value += (byte % 128) * 128 ** index;
    if (byte < 128) return { value, next: start + index + 1 };
  }
  return undefined;
}
