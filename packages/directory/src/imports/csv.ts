import { pipeline, Readable } from 'node:stream';
import { DrawbridgeError } from '@drawbridge/kit';
import { CsvError, parse } from 'csv-parse';

/** What a file may be at most. */
export interface ImportLimits {
  /** Size, in bytes. Default 20 MB. */
  readonly bytes: number;
  /** Rows below the header. Default 10,000. */
  readonly rows: number;
}

export const defaultImportLimits: ImportLimits = Object.freeze({ bytes: 20_000_000, rows: 10_000 });

/** A record of the file, and the line it ends at. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Bytes of one record. Nobody's name and address are longer; an open quote would otherwise swallow the file. */
const recordBytes = 10_000;

/**
 * Reads CSV as it arrives: UTF-8 with or without a byte order mark, commas or semicolons, quotes, any line ends. Never
 * holds more than one record and one chunk.
 *
 * @throws {DrawbridgeError} `import_unreadable`, `import_too_large`; what the source throws
 * @see RFC 4180
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  limits: ImportLimits,
): AsyncGenerator<CsvRecord> {
  const text = decode(source, limits.bytes);
  const { head, rest } = await firstLine(text);
  const parser = parse({
    delimiter: count(head, ';') > count(head, ',') ? ';' : ',',
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: recordBytes,
  });
  // What breaks the source or the form comes out of the parser.
  pipeline(Readable.from(rest), parser, () => undefined);
  let rows = -1;
  try {
    for await (const one of parser as AsyncIterable<{
      readonly record: string[];
      readonly info: { readonly lines: number };
    }>) {
      rows++;
      if (rows > limits.rows) {
        throw new DrawbridgeError('import_too_large', {
          message: `The file has more than ${limits.rows.toLocaleString('en')} rows.`,
        });
      }
      yield { line: one.info.lines, cells: one.record };
    }
  } catch (error) {
    throw error instanceof CsvError ? translate(error) : error;
  }
}

async function* decode(source: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.byteLength;
      if (size > limit) {
        throw new DrawbridgeError('import_too_large', {
          message: `The file is larger than ${Math.round(limit / 1_000_000)} MB.`,
        });
      }
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new DrawbridgeError('import_unreadable', { message: 'The file is not UTF-8 text.', cause: error });
  }
}

/** Reads up to the end of the header, by which the delimiter is told, and gives back everything. */
async function firstLine(
  text: AsyncGenerator<string>,
): Promise<{ readonly head: string; readonly rest: AsyncGenerator<string> }> {
  let read = '';
  for (;;) {
    const { value, done } = await text.next();
    if (done) break;
    read += value;
    if (/[\r\n]/.test(read) || read.length > recordBytes) break;
  }
  async function* again() {
    yield read;
    yield* text;
  }
  return { head: read.split(/[\r\n]/, 1)[0] ?? '', rest: again() };
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

/** What is wrong with the form. The parser's own words quote what is in the file. */
function translate(error: CsvError): DrawbridgeError {
  const { lines } = error as CsvError & { readonly lines?: unknown };
  const at = typeof lines === 'number' ? ` in line ${lines}` : '';
  const message =
    error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? `A quote that is opened${at} is not closed.`
      : error.code === 'CSV_MAX_RECORD_SIZE'
        ? `A row is longer than ${recordBytes.toLocaleString('en')} bytes${at}; is a quote left open?`
        : `The quotes are not well placed${at}.`;
  return new DrawbridgeError('import_unreadable', { message, saw: error.code });
}
