import { encode } from 'uqr';

/** Dark on light, whatever the terminal's own colours are; else a reader would have to cope with a negative. */
const colours = '\u001b[30;107m';
const plainColours = '\u001b[0m';

/** A text as a QR code in lines of half blocks, two rows a line. */
export function qrLines(text: string): { readonly lines: readonly string[]; readonly width: number } {
  const { data } = encode(text, { ecc: 'L', border: 2 });
  const isDark = (row: number, column: number) => data[row]?.[column] ?? false;
  const width = data[0]?.length ?? 0;
  const lines = Array.from({ length: Math.ceil(data.length / 2) }, (_, line) => {
    const blocks = Array.from({ length: width }, (__, column) => {
      const above = isDark(2 * line, column);
      const below = isDark(2 * line + 1, column);
      if (above) return below ? '█' : '▀';
      return below ? '▄' : ' ';
    });
    return `${colours}${blocks.join('')}${plainColours}`;
  });
  return { lines, width };
}
