import { type FileHandle, open } from 'node:fs/promises';
import { DrawbridgeError } from '@drawbridge/kit';

/** Keeps what is appended to an event log beyond the process. */
export interface Journal<E> {
  /** Takes one transaction; it is durable once {@link Journal.flushed} resolves. */
  append(events: readonly E[]): void;
  /** Resolves when everything appended before the call is on disk. */
  flushed(): Promise<void>;
  close(): Promise<void>;
}

/** A journal and what it held when it was opened. */
export interface OpenedJournal<E> {
  readonly journal: Journal<E>;
  readonly events: readonly E[];
}

/**
 * Opens the file that keeps the log: one JSON line a transaction, mode 0600, synced to disk before anyone hears of it.
 * A last line that was cut off by a crash was never answered for, so it is dropped; any other damage is refused.
 *
 * @throws {DrawbridgeError} `file_unreadable` when the file is damaged or cannot be read
 */
export async function openJournal<E>(path: string): Promise<OpenedJournal<E>> {
  const file = await open(path, 'a+', 0o600);
  try {
    await file.chmod(0o600);
    const text = await file.readFile('utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const events = parse<E>(whole, path);
    if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
    return { journal: new FileJournal(file), events };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function parse<E>(text: string, path: string): readonly E[] {
  const lines = text.split('\n');
  lines.pop();
  return lines.flatMap((line, at) => {
    try {
      return JSON.parse(line) as E[];
    } catch (cause) {
      throw new DrawbridgeError('file_unreadable', {
        message: 'The event log is damaged.',
        where: `${path}:${at + 1}`,
        cause,
      });
    }
  });
}

/** Collects what is appended while a write is under way and writes it with one sync: many calls, few syncs. */
class FileJournal<E> implements Journal<E> {
  readonly #file: FileHandle;
  #pending: string[] = [];
  #writing: Promise<void> | undefined;
  #broken: unknown;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  append(events: readonly E[]): void {
    if (this.#broken !== undefined) throw this.#broken;
    this.#pending.push(`${JSON.stringify(events)}\n`);
  }

  async flushed(): Promise<void> {
    while (this.#pending.length > 0 || this.#writing !== undefined) {
      this.#writing ??= this.#write();
      await this.#writing;
    }
    if (this.#broken !== undefined) throw this.#broken;
  }

  async close(): Promise<void> {
    try {
      await this.flushed();
    } finally {
      await this.#file.close();
    }
  }

  async #write(): Promise<void> {
    const lines = this.#pending.join('');
    this.#pending = [];
    try {
      await this.#file.appendFile(lines);
      await this.#file.datasync();
    } catch (error) {
      // From here on the memory knows more than the disk; nothing more may be promised.
      this.#broken = error;
    } finally {
      this.#writing = undefined;
    }
  }
}
