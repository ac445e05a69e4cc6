/** What goes wrong with requests that fit. */
export interface Fault {
  readonly method?: string;
  readonly plural?: string;
  /** Only watches, or only what is none. */
  readonly watch?: boolean;
  readonly subresource?: string;
  /** Answer with this code instead. */
  readonly status?: number;
  /** Do the work, then cut the connection instead of answering. */
  readonly loseAnswer?: boolean;
  /** Wait this long first. */
  readonly delayMs?: number;
  /** How often. Default until it is taken away. */
  readonly times?: number;
}

/** One request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly plural: string;
  readonly group: string;
  readonly subresource: string;
  readonly watch: boolean;
  readonly plane: string;
  readonly name: string;
  readonly query: URLSearchParams;
  /** The header `x-who`, by which a test tells its clients apart. */
  readonly who: string;
}

/** Faults that are set, and the requests that were seen. */
export class Faults {
  readonly #set = new Set<{ readonly fault: Fault; left: number }>();

  /** @returns what takes it away */
  add(fault: Fault): () => void {
    const one = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#set.add(one);
    return () => this.#set.delete(one);
  }

  clear(): void {
    this.#set.clear();
  }

  /** The fault of a request, used up by one. */
  take(request: SeenRequest): Fault | undefined {
    for (const one of this.#set) {
      const { method, plural, watch, subresource } = one.fault;
      const fits =
        (method === undefined || method === request.method) &&
        (plural === undefined || plural === request.plural) &&
        (subresource === undefined || subresource === request.subresource) &&
        (watch === undefined || watch === request.watch);
      if (!fits || one.left <= 0) continue;
      one.left -= 1;
      return one.fault;
    }
    return undefined;
  }
}
