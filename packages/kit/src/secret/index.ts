import { inspect } from 'node:util';

const redacted = '[redacted]';

/**
 * A value that must not be printed. Logs, JSON, string templates, `util.inspect` and error messages show `[redacted]`;
 * only {@link Secret.expose} gives the value, and it is called only where the value goes on a wire or into a file.
 *
 * @example
 * ```ts
 * import { Secret } from '@drawbridge/kit';
 *
 * const token = new Secret('s3cr3t');
 * console.log(`${token}`, JSON.stringify({ token })); // [redacted] {"token":"[redacted]"}
 * console.log(token.expose().length); // 6
 * ```
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. Every call site is a place where the secret leaves our hands. */
  expose(): T {
    return this.#value;
  }

  /** A secret derived from this one, without exposing either. */
  map<U>(transform: (value: T) => U): Secret<U> {
    return new Secret(transform(this.#value));
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [Symbol.toPrimitive](): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}
