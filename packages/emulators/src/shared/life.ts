import { DrawbridgeError } from '@drawbridge/kit';

/** Starting and stopping, as every emulator has it. */
export interface Life<R> {
  /** Starts; a second call returns the first one's promise. One that failed may be tried again. */
  start(): Promise<void>;
  /** Ends what runs, once. */
  stop(): Promise<void>;
  /** What runs, or ran last. @throws {DrawbridgeError} `internal` before the first start */
  readonly running: R;
}

/** Makes the life of an emulator whose `run` starts it. */
export function createLife<R extends { stop(): Promise<void> }>(run: () => Promise<R>): Life<R> {
  let starting: Promise<R> | undefined;
  let present: R | undefined;
  return {
    start: async () => {
      starting ??= run();
      try {
        present = await starting;
      } catch (error) {
        starting = undefined;
        throw error;
      }
    },
    stop: async () => {
      const last = await starting?.catch(() => undefined);
      starting = undefined;
      await last?.stop();
    },
    get running() {
      if (!present) throw new DrawbridgeError('internal', { message: 'The emulator has not been started.' });
      return present;
    },
  };
}
