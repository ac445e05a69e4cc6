import { Skeleton } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { Button } from './button.tsx';
import css from './parts.module.css';

const quickMs = 200;
const keptMs = 300;
const longMs = 5_000;

/** True once a time is over; what is quicker shows nothing of waiting. */
function useAfter(ms: number): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return over;
}

/**
 * Whether to show that something is waited for: as long as it is, and once it was seen long enough for it not to be a
 * flash. @returns that, and what must be called when it is seen
 */
export function useWaiting(waiting: boolean): readonly [shown: boolean, onSeen: () => void] {
  const [seenAt, setSeenAt] = useState<number>();
  useEffect(() => {
    if (waiting || seenAt === undefined) return undefined;
    const leftMs = seenAt + keptMs - performance.now();
    const timer = setTimeout(() => setSeenAt(undefined), Math.max(0, leftMs));
    return () => clearTimeout(timer);
  }, [waiting, seenAt]);
  const onSeen = useCallback(() => setSeenAt(performance.now()), []);
  return [waiting || seenAt !== undefined, onSeen];
}

/** Rows in the place of those to come. Nothing for 200 ms; after 5 s it says what is waited for. */
export function Loading({
  rows = 6,
  what = 'Drawbridge',
  onSeen,
  onCancel,
}: {
  readonly rows?: number;
  readonly what?: string;
  /** When there is something to see. */
  readonly onSeen?: () => void;
  readonly onCancel?: () => void;
}) {
  const visible = useAfter(quickMs);
  const long = useAfter(longMs);
  useEffect(() => {
    if (visible) onSeen?.();
  }, [visible, onSeen]);
  if (!visible) return <div style={{ minHeight: rows * 40 }} />;
  return (
    <div role="status" aria-label={`Waiting for ${what}`}>
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <Skeleton key={at} height={24} my={8} />
      ))}
      {long && (
        <div className={css.row}>
          <span>Still waiting for {what}</span>
          {onCancel && (
            <Button size="xs" variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** A thin bar on top of rows that are being fetched again. */
export function Refreshing({ on }: { readonly on: boolean }) {
  return <div className={css.bar} data-on={on} aria-hidden="true" />;
}
