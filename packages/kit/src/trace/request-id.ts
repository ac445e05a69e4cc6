import { AsyncLocalStorage } from 'node:async_hooks';

const requestIds = new AsyncLocalStorage<string>();

/**
 * Runs `work` so that everything it calls, however deep and late, carries this request id: the HTTP client sends it as
 * `x-request-id`, so that one id leads from our log to that of the other side.
 *
 * @example
 * ```ts
 * import { currentRequestId, newId, withRequestId } from '@drawbridge/kit';
 *
 * await withRequestId(newId(), async () => console.log(currentRequestId()));
 * ```
 */
export function withRequestId<T>(id: string, work: () => T): T {
  return requestIds.run(id, work);
}

/** The id of the request that is being worked on, if there is one. */
export function currentRequestId(): string | undefined {
  return requestIds.getStore();
}
