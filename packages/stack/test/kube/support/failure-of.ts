import { DrawbridgeError } from '@drawbridge/kit';

/** What something fails with; that it does not fail is a failure of the test. */
export async function failureOf(work: Promise<unknown>): Promise<DrawbridgeError> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DrawbridgeError)) throw new Error('it did not fail as it should', { cause: error });
  return error;
}
