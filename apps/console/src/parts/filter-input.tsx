import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { type FilterOptions, parseFilter, suggestFilters } from './filter.ts';
import css from './filter-input.module.css';
import { Icon } from './icons.tsx';
import { useKeys } from './keys.ts';

/** As long as nobody who types makes a pause between two letters. */
const settleMs = 150;
const mostSuggested = 12;

export interface FilterInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: FilterOptions;
  readonly label: string;
}

/** The filter above a list, with what its last word may become; `/` leads here. */
export function FilterInput({ value, onChange, options, label }: FilterInputProps) {
  const [typed, setTyped] = useTyped(value, onChange);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useKeys({ '/': () => input.current?.focus() });
  const { unknown } = parseFilter(typed, options);
  const suggested = open ? [...new Set(suggestFilters(typed, options))].slice(0, mostSuggested) : [];
  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const choose = (word: string) => {
    setTyped(word);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = suggested[active];
    if (event.key === 'ArrowDown') {
      setOpen(true);
      setActive(Math.min(active + 1, suggested.length - 1));
    } else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, -1));
    else if (event.key === 'Enter' && chosen !== undefined) choose(chosen);
    else if (event.key === 'Escape' && suggested.length > 0) close();
    else return;
    event.preventDefault();
  };
  return (
    <div className={css.filter}>
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={suggested.length > 0}
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${id}${active}` : undefined}
        aria-invalid={unknown.length > 0}
        autoComplete="off"
        spellCheck={false}
        placeholder={`${[label, ...Object.keys(options).map((name) => `${name}:`)].join(' ')}  ( / )`}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setOpen(true);
          setActive(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      {suggested.length > 0 && (
        <div className={css.list} id={`${id}list`} role="listbox" aria-label={`${label}: suggestions`}>
          {suggested.map((word, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, as the pattern of a combobox has it
            <div
              key={word}
              id={`${id}${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === active}
              onPointerDown={(event) => event.preventDefault()} // the focus stays where one types
              onClick={() => choose(word)}
            >
              {word}
            </div>
          ))}
        </div>
      )}
      {unknown.length > 0 && (
        <p className={css.error} role="alert">
          This list knows no {unknown.join(', ')}
        </p>
      )}
    </div>
  );
}

/** What is typed now, told once nobody types any more; another address, as by Back, brings another filter. */
function useTyped(value: string, onChange: (value: string) => void) {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
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
  return [typed, setTyped] as const;
}
