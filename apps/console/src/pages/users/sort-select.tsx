import { Select } from '@mantine/core';

const orders = [
  { value: 'name', label: 'By name' },
  { value: 'email', label: 'By mail' },
  { value: '-changed', label: 'Last changed first' },
];

/** The order of the list; the server's own unless one is chosen. */
export function SortSelect({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Select
      aria-label="Order"
      placeholder="Order"
      w={180}
      clearable
      data={orders}
      value={value ?? null}
      onChange={(next) => onChange(next ?? '')}
    />
  );
}
