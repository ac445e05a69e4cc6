/**
 * Ids in order, so that a page is a slice and not a sort. Generated ids only grow and are appended; others are put
 * where they belong by binary search.
 */
export class OrderedIds {
  readonly #ids: string[] = [];

  get length(): number {
    return this.#ids.length;
  }

  add(id: string): void {
    const last = this.#ids.at(-1);
    if (last === undefined || last < id) this.#ids.push(id);
    else {
      const at = this.#find(id);
      if (this.#ids[at] !== id) this.#ids.splice(at, 0, id);
    }
  }

  remove(id: string): void {
    const at = this.#find(id);
    if (this.#ids[at] === id) this.#ids.splice(at, 1);
  }

  /** All ids, ascending. Not to be changed. */
  values(): readonly string[] {
    return this.#ids;
  }

  #find(id: string): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? '') < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
