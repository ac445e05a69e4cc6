/**
 * Gives work a signal that ends it after some time, and takes the timer back as soon as the work is over. `AbortSignal.timeout` keeps signal and
 * timer until its time has come: at a thousand requests a second with ten seconds each that is ten thousand of them, which every
 * collection of young garbage has to carry on.
 *
 * @param ms in milliseconds; the reason is a `TimeoutError`, as that of `AbortSignal.timeout`
 * @param work ends by itself when its signal aborts
 * @example
 * ```ts
 * import { withDeadline } from '@drawbridge/kit';
 *
 * const answer = await withDeadline(5_000, (signal) => fetch('https://sso.acme.example', { signal }));
 * console.log(answer.status);
 * ```
 */
export async function withDeadline<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    ms,
  );
  timer.unref();
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
