import { memo, type ReactNode, useRef } from 'react';
import css from './data-table.module.css';
import { useListed } from './neighbours.ts';
import { useRowKeys } from './row-keys.ts';
import type { Selection } from './selection.ts';
import { useVisibleRows } from './visible-rows.ts';

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  readonly render: (row: T) => ReactNode;
  readonly number?: boolean;
  /** Left out on a phone, where a row is a card. */
  readonly minor?: boolean;
}

export interface DataTableProps<T> {
  /** What the rows are, for screen readers: "Users". */
  readonly label: string;
  /** The first one names the row. */
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  /** Enter on the active row. */
  readonly onOpen?: (row: T) => void;
  readonly selection?: Selection;
  /** What its items are called where one goes through them with `[` and `]`. */
  readonly kind?: string;
  /** Id that `y` copies. */
  readonly copyId?: (row: T) => string;
  /** Keys of rows that are shown still, though the list has them no more. */
  readonly gone?: ReadonlySet<string>;
  /** What is said of them; that they are no longer in this list when absent. */
  readonly goneTitle?: string;
  /** Below the rows: counts, "load more". */
  readonly foot?: ReactNode;
  /** All rows there are, when more than those loaded. */
  readonly total?: number;
}

/** Rows with a header: by keyboard, with selection; on a phone each row is a card. Only what is seen is in the page. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { label, columns, rows, rowKey, selection, gone, goneTitle = 'No longer in this list' } = props;
  const { foot, total } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const { visible, before, after, scrollTo } = useVisibleRows(rows.length, body);
  const active = useRowKeys({ ...props, scrollTo });
  useListed(props.kind ?? label, rows, rowKey);
  const span = columns.length + (selection ? 1 : 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className={css.scroll} aria-label={`Table: ${label}`} tabIndex={0}>
      <table className={css.table} aria-rowcount={(total ?? rows.length) + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {selection && (
              <th className={css.check} scope="col">
                <input
                  type="checkbox"
                  aria-label="Select all rows loaded"
                  checked={selection.count > 0 && selection.count === rows.length}
                  ref={(box) => {
                    if (box) box.indeterminate = selection.count > 0 && selection.count < rows.length;
                  }}
                  onChange={() => selection.toggleAll(rows.map(rowKey))}
                />
              </th>
            )}
            {columns.map(({ key, title, number }, at) => (
              <th key={key} scope="col" className={at === 0 ? css.lead : number ? css.number : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {before > 0 && <Gap height={before} span={span} />}
          {visible.map((at) => {
            const row = rows[at];
            if (row === undefined) return null;
            const key = rowKey(row);
            return (
              <TableRow
                key={key}
                row={row}
                at={at}
                id={key}
                columns={columns}
                active={at === active}
                gone={gone?.has(key) ? goneTitle : undefined}
                chosen={selection?.has(key)}
                onToggle={selection?.toggle}
              />
            );
          })}
          {after > 0 && <Gap height={after} span={span} />}
        </tbody>
      </table>
      {foot && <div className={css.foot}>{foot}</div>}
    </section>
  );
}

interface TableRowProps<T> {
  readonly row: T;
  readonly at: number;
  readonly id: string;
  readonly columns: readonly Column<T>[];
  readonly active: boolean;
  /** Why it is no more what it was; absent for all others. */
  readonly gone: string | undefined;
  /** Absent where rows are not chosen. */
  readonly chosen: boolean | undefined;
  readonly onToggle: ((key: string) => void) | undefined;
}

/** Drawn again only when it changed: a list that is live, or scrolled, draws the rows that are new to it. */
const TableRow = memo(DrawnRow) as typeof DrawnRow;

function DrawnRow<T>({ row, at, id, columns, active, gone, chosen, onToggle }: TableRowProps<T>) {
  return (
    <tr
      aria-rowindex={at + 2}
      data-active={active}
      data-row={at}
      {...(gone === undefined ? {} : { 'data-gone': true, title: gone })}
    >
      {chosen !== undefined && (
        <td className={css.check}>
          <input type="checkbox" aria-label="Select row" checked={chosen} onChange={() => onToggle?.(id)} />
        </td>
      )}
      {columns.map((column, index) => (
        <td
          key={column.key}
          className={column.number ? css.number : undefined}
          data-label={column.title}
          data-lead={index === 0}
          data-minor={column.minor ?? false}
        >
          {column.render(row)}
        </td>
      ))}
    </tr>
  );
}

/** The place of rows that are not drawn. */
function Gap({ height, span }: { readonly height: number; readonly span: number }) {
  return (
    <tr className={css.gap}>
      <td className={css.spacer} colSpan={span} style={{ height }} />
    </tr>
  );
}

/** A name over a mail, as the first cell of people; or a word over what belongs to it. */
export function Who({ name, under }: { readonly name: ReactNode; readonly under?: ReactNode }) {
  return (
    <span className={css.who}>
      {name}
      {under && <small {...(typeof under === 'string' ? { title: under } : {})}>{under}</small>}
    </span>
  );
}

/** What can be done with the rows chosen; stays in sight. */
export function BulkBar({ children }: { readonly children: ReactNode }) {
  return (
    <section className={css.bulk} aria-label="What to do with the rows chosen">
      {children}
    </section>
  );
}
