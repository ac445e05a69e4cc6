import { VisuallyHidden } from '@mantine/core';
import { Icon } from './icons.tsx';
import css from './parts.module.css';
import { confirmToast } from './toast.tsx';

export interface CopyableProps {
  readonly value: string;
  /** What it is, for whoever cannot see where it stands: "user id". */
  readonly label: string;
  /** Longest text shown before the middle is left out; everything is shown to screen readers and in the tooltip. */
  readonly max?: number;
}

/** Shorter texts are never broken into lines. */
const longestUnbroken = 30;

/** An id, mail, URL or command that one click copies. */
export function Copyable({ value, label, max = 28 }: CopyableProps) {
  return (
    <button type="button" className={css.copyable} title={value} onClick={() => void copy(value, label)}>
      <span
        className={css.mono}
        data-short={Math.min(value.length, max) <= longestUnbroken}
        aria-hidden="true"
      >
        {shorten(value, max)}
      </span>
      <VisuallyHidden>
        Copy {label} {value}
      </VisuallyHidden>
      <Icon name="copy" size={12} />
    </button>
  );
}

/** Copies a text and says so. */
export async function copy(value: string, label: string): Promise<void> {
  await navigator.clipboard.writeText(value);
  confirmToast(`Copied ${label}`);
}

/** Leaves out the middle, since ids differ at their ends. */
function shorten(value: string, max: number): string {
  if (value.length <= max) return value;
  const kept = Math.max(4, max - 1);
  const head = Math.ceil(kept / 2);
  return `${value.slice(0, head)}…${value.slice(value.length - (kept - head))}`;
}
