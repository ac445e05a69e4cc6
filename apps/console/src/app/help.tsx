import { Switch } from '@mantine/core';
import { useState } from 'react';
import { Dialog, singleKeysOn, switchSingleKeys } from '../parts/index.ts';
import css from './help.module.css';

const everywhere: readonly (readonly [string, string])[] = [
  ['?', 'this help'],
  ['Ctrl K', 'find a page, or a user, run or sweep by its id'],
  ['/', 'filter'],
  ['j  k', 'next, previous row'],
  ['x', 'select row'],
  ['Shift X', 'select from the row selected last'],
  ['Enter', 'open'],
  ['y', 'copy id'],
  ['[  ]', 'previous, next item'],
  ['Esc', 'back'],
];

/** All keys, and the switch for those without a modifier. */
export function Help({
  pages,
  onClose,
}: {
  readonly pages: readonly { readonly key: string; readonly label: string }[];
  readonly onClose: () => void;
}) {
  const [on, setOn] = useState(singleKeysOn());
  const rows = [...everywhere, ...pages.map(({ key, label }) => [`g ${key}`, label] as const)];
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className={css.keys}>
        {rows.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <Switch
        label="Single letters do something"
        checked={on}
        onChange={({ currentTarget }) => {
          switchSingleKeys(currentTarget.checked);
          setOn(currentTarget.checked);
        }}
      />
    </Dialog>
  );
}
