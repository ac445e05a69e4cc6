/** A point that is held. */
export interface Pause {
  /** Resolves once somebody waits there. */
  readonly reached: Promise<void>;
  /** Lets whoever waits there go on, and everybody after. */
  release(): void;
}

/** Named points of something pretended at which it can be made to stop, so that a test does what it does in that very moment. */
export class Pauses<Point extends string> {
  readonly #held = new Map<Point, { readonly come: () => void; readonly released: Promise<void> }>();

  /** Holds a point from now on. */
  hold(point: Point): Pause {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.#held.set(point, { come: () => reached.resolve(), released: released.promise });
    return {
      reached: reached.promise,
      release: () => {
        this.#held.delete(point);
        released.resolve();
      },
    };
  }

  /** What the pretended calls at the point: it waits there while the point is held. */
  async pass(point: Point): Promise<void> {
    const held = this.#held.get(point);
    held?.come();
    await held?.released;
  }
}
