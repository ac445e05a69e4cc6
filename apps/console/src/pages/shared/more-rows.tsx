import { Button, formatCount } from '../../parts/index.ts';

/** How many rows there are, and the way to more of them. */
export function MoreRows({
  loaded,
  total,
  leftOut = 0,
  hasMore,
  busy,
  onMore,
}: {
  readonly loaded: number;
  readonly total?: number | null | undefined;
  /** How many rows the filter leaves out of those loaded. */
  readonly leftOut?: number;
  readonly hasMore: boolean;
  readonly busy: boolean;
  readonly onMore: () => void;
}) {
  const all = total ?? (hasMore ? undefined : loaded);
  return (
    <>
      <span>
        {all === undefined
          ? `${formatCount(loaded)} loaded`
          : `${formatCount(loaded)} of ${formatCount(all)}`}
        {leftOut > 0 && `, ${formatCount(leftOut)} left out by the filter`}
      </span>
      {hasMore && (
        <Button size="compact" variant="default" loading={busy} onClick={onMore}>
          Load more
        </Button>
      )}
    </>
  );
}
