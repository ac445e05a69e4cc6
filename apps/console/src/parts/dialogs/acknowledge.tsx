import { Checkbox } from '@mantine/core';
import { useId } from 'react';

/** A yes or no that somebody must have thought about. */
export function Acknowledge({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <Checkbox
      id={id}
      mt="sm"
      label={label}
      checked={checked}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
  );
}
