/**
 * A place in the order of changes: the transaction, then the entry within it. Both count up as numbers that may exceed
 * what JavaScript's hold exactly.
 */
export interface Position {
  readonly tx: bigint;
  readonly id: bigint;
}

/** As clients give it back in `Last-Event-ID`: `tx-id`. */
export function formatPosition({ tx, id }: Position): string {
  return `${tx}-${id}`;
}

/** Reads what a client gives back; nothing for what was never a position. */
export function parsePosition(text: string): Position | undefined {
  const [, tx, id] = /^(\d{1,20})-(\d{1,19})$/.exec(text) ?? [];
  if (tx === undefined || id === undefined) return undefined;
  // Beyond these the database would refuse the numbers themselves (xid8, bigint).
  const position = { tx: BigInt(tx), id: BigInt(id) };
  return position.tx < 2n ** 64n && position.id < 2n ** 63n ? position : undefined;
}

/** Whether `a` lies behind `b`. */
export function isAfter(a: Position, b: Position): boolean {
  return a.tx === b.tx ? a.id > b.id : a.tx > b.tx;
}
