import { Autocomplete } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { parseFilter, suggestFilters } from './filter.ts';
import { Icon } from './icons.tsx';
import { useKeys } from './keys.ts';

const settleMs = 250;

export interface FilterInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Names that the list knows, with the values to suggest. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly label: string;
}

/** The filter above a list; `/` leads here. */
export function FilterInput({ value, onChange, options, label }: FilterInputProps) {
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const sent = useRef(value);
  useKeys({ '/': () => input.current?.focus() });
  // Another address, as by Back, brings another filter.
  useEffect(() => {
    if (value !== sent.current) setTyped(value);
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (typed.trim() === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      onChange(sent.current);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  const { unknown } = parseFilter(typed, Object.keys(options));
  return (
    <Autocomplete
      ref={input}
      aria-label={label}
      placeholder={`${[label, ...Object.keys(options).map((name) => `${name}:`)].join(' ')}  ( / )`}
      leftSection={<Icon name="search" />}
      data={[...new Set(suggestFilters(typed, options))]}
      filter={({ options: all }) => all}
      limit={12}
      value={typed}
      onChange={setTyped}
      error={unknown.length > 0 && `There is no filter ${unknown.map((name) => `${name}:`).join(', ')}`}
      w="100%"
      maw={520}
    />
  );
}
