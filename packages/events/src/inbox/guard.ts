import type { KyselyPlugin } from 'kysely';

/**
 * Refuses statements of a handler once its time is over. Its transaction has ended then, and the connection may be in
 * someone else's hands: what a handler that heeds no signal wrote there would be written outside of any transaction.
 */
export class EndGuard implements KyselyPlugin {
  #ended = false;

  /** From now on nothing passes. */
  end(): void {
    this.#ended = true;
  }

  transformQuery: KyselyPlugin['transformQuery'] = ({ node }) => {
    if (this.#ended) throw new Error('the time of the handler is over, and so is its transaction');
    return node;
  };

  transformResult: KyselyPlugin['transformResult'] = async ({ result }) => result;
}
