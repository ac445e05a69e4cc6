import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { moment, printTable } from '../../terminal/index.ts';
import type { Flags } from '../shared.ts';

/** `drawbridge admins list` */
export async function listAdministrators(context: Context, flags: Flags): Promise<void> {
  const { terminal } = context;
  await withDirectory(context, flags, async (directory) => {
    const { items } = await directory.call('GET /api/site-administrators', {});
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.site-administrators/v1', items, next: null });
      return;
    }
    printTable(
      terminal,
      [
        { title: 'SUBJECT', value: (one) => one.subject },
        { title: 'NAME', value: (one) => one.name ?? '–' },
        { title: 'MAIL', value: (one) => one.email ?? '–' },
        { title: 'SINCE', value: (one) => moment(one.addedAt, context.flags) },
        { title: 'BY', value: (one) => one.addedBy },
      ],
      items,
    );
    if (items.length === 1)
      terminal.note('Only one. Name another before you need one:  drawbridge admins add SUBJECT');
  });
}
