import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** A log file of `dev`, begun anew at each start: a terminal with JSON lines in it helps nobody. */
export function fileLog(path: string): {
  readonly stream: { write(line: string): void };
  close(): Promise<void>;
} {
  const file = createWriteStream(path, { mode: 0o600 });
  return {
    stream: {
      write: (line) => {
        if (!file.writableEnded) file.write(line);
      },
    },
    close: async () => {
      if (file.writableEnded) return;
      file.end();
      await once(file, 'finish');
    },
  };
}
