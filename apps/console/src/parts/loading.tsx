import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import css from './parts.module.css';

/** True once a time is over; what is quicker shows nothing of waiting. */
function useAfter(ms: number): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return over;
}

/** Rows in the place of those to come. Nothing for 200 ms; after 5 s it says what is waited for. */
export function Loading({
  rows = 6,
  what = 'Drawbridge',
  onCancel,
}: {
  readonly rows?: number;
  readonly what?: string;
  readonly onCancel?: () => void;
}) {
  const visible = useAfter(200);
  const long = useAfter(5_000);
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
