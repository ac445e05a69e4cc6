import css from './sort-select.module.css';

const orders = [
  { value: 'name', label: 'By name' },
  { value: 'email', label: 'By mail' },
  { value: '-changed', label: 'Last changed first' },
];

/** The order of the list; the server's own unless one is chosen. */
export function SortSelect({
  value = '',
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}) {
  return (
    <select
      className={css.select}
      aria-label="Order"
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    >
      <option value="">First added first</option>
      {orders.map(({ value: order, label }) => (
        <option key={order} value={order}>
          {label}
        </option>
      ))}
    </select>
  );
}
