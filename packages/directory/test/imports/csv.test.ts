import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf, quoteCell, readHeader } from '../../src/imports/columns.ts';
import { type CsvRecord, defaultImportLimits, readCsv } from '../../src/imports/csv.ts';

async function* chunks(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string | Uint8Array, limits = defaultImportLimits): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  for await (const record of readCsv(chunks(bytes), limits)) records.push(record);
  return records;
}

const rows = async (text: string | Uint8Array) => (await read(text)).map(({ cells }) => cells);
const refusal = async (text: string | Uint8Array, limits = defaultImportLimits) =>
  await read(text, limits).then(
    () => undefined,
    (error: unknown) => error as { code: string; message: string },
  );

describe('a CSV file', () => {
  it('is read whatever its delimiter, its line ends, and with a byte order mark', async () => {
    const expected = [
      ['email', 'name'],
      ['a@x.example', 'Åse'],
    ];
    expect(await rows('email,name\na@x.example,Åse\n')).toEqual(expected);
    expect(await rows('email;name\r\na@x.example;Åse\r\n')).toEqual(expected);
    expect(await rows('\ufeffemail,name\r\n\r\n a@x.example , "Åse"\r\n\r\n')).toEqual(expected);
  });

  it('keeps separators, quotes and line ends that are quoted, and counts lines as an editor does', async () => {
    expect(await read('email,name\n"a","x, ""y""\nz"\nb,c\n')).toEqual([
      { line: 1, cells: ['email', 'name'] },
      { line: 3, cells: ['a', 'x, "y"\nz'] },
      { line: 4, cells: ['b', 'c'] },
    ]);
  });

  it('is refused with the line when a quote is misplaced or left open', async () => {
    expect(await refusal('a,b\n"x"y,2\n')).toMatchObject({
      code: 'import_unreadable',
      message: 'The quotes are not well placed in line 2.',
    });
    expect(await refusal('a,b\n"x,2\n')).toMatchObject({
      code: 'import_unreadable',
      message: 'A quote that is opened in line 2 is not closed.',
    });
    expect(await refusal(`a,b\n"${'x'.repeat(50_000)}`)).toMatchObject({
      code: 'import_unreadable',
      message: expect.stringContaining('is a quote left open?'),
    });
  });

  it('is refused in another encoding', async () => {
    const latin1 = Buffer.from('email,name\na@x.example,Åse\n', 'latin1');
    expect(await refusal(latin1)).toMatchObject({ code: 'import_unreadable' });
    expect(await refusal(Buffer.from('\ufeffemail,name\n', 'utf16le'))).toMatchObject({
      code: 'import_unreadable',
      message: 'The file is not UTF-8 text.',
    });
  });

  it('is refused above the limits, as soon as it is above them', async () => {
    const limits = { bytes: 1_000, rows: 2 };
    expect(await refusal('a\n1\n2\n', limits)).toBeUndefined();
    expect(await refusal('a\n1\n2\n3\n', limits)).toMatchObject({
      code: 'import_too_large',
      message: 'The file has more than 2 rows.',
    });
    let taken = 0;
    const endless = async function* () {
      for (;;) {
        taken += 1;
        yield new TextEncoder().encode('a,b\n'.repeat(100));
      }
    };
    const reading = async () => {
      for await (const _record of readCsv(endless(), { bytes: 10_000, rows: 1_000_000 }));
    };
    await expect(reading()).rejects.toMatchObject({ code: 'import_too_large' });
    expect(taken).toBeLessThan(40);
  });

  it('gives back any cells that were written, in whatever pieces it arrives', async () => {
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .map((text) => text.replaceAll(/[\p{Cc}\p{Zs}\ufeff\u2028\u2029']/gu, '').trim());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 50 }),
        async (people, size) => {
          const lines = people.map(([given, family]) => `x,${quoteCell(given)},${quoteCell(family)}`);
          const text = `email,given_name,family_name\r\n${lines.join('\r\n')}\r\n`;
          const layout = readHeader(['email', 'given_name', 'family_name']);
          const found: unknown[] = [];
          for await (const { line, cells } of readCsv(chunks(Buffer.from(text), size), defaultImportLimits))
            if (line > 1) found.push(contentOf(layout, cells));
          expect(found).toEqual(
            people.map(([given, family]) => ({ email: 'x', given_name: given, family_name: family })),
          );
        },
      ),
    );
  });

  it('never breaks otherwise than by a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const error = await refusal(bytes);
        expect(['import_unreadable', undefined]).toContain(error?.code);
      }),
    );
  });
});

describe('the header', () => {
  it('may stand in any order, in any case, with spaces', () => {
    const layout = readHeader(['Role', 'family name', 'E-Mail'.replace('-', ''), 'GIVEN_NAME']);
    expect([...layout]).toEqual([
      ['role', 0],
      ['family_name', 1],
      ['email', 2],
      ['given_name', 3],
    ]);
  });

  it('tells every mistake at once: a column it does not know may be one that is misspelled', () => {
    expect(() => readHeader(['email', 'email', 'roles', 'given_name'])).toThrow(
      expect.objectContaining({
        code: 'import_unreadable',
        problems: [
          { field: 'email', message: 'stands in the header twice' },
          { field: 'roles', message: expect.stringContaining('is no column') },
          { field: 'family_name', message: 'is missing in the header' },
        ],
      }),
    );
  });

  it('passes over the columns of a result file', () => {
    const layout = readHeader(
      'row,email,given_name,family_name,role,outcome,user,run,code,message'.split(','),
    );
    expect([...layout.keys()]).toEqual(['email', 'given_name', 'family_name', 'role']);
  });
});

describe('a cell of a result file', () => {
  it.each(['=1+1', '+49', '-x', '@cmd'])(
    '%s is text to a spreadsheet, and itself again when uploaded',
    (cell) => {
      expect(quoteCell(cell)).toBe(`'${cell}`);
      expect(contentOf(new Map([['email', 0]]), [quoteCell(cell)])).toEqual({ email: cell });
    },
  );
});
