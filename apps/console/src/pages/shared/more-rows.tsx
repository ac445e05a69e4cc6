import { Button, formatCount } from '../../parts/index.ts';

/** How many rows there are, and the way to more of them. */
export function MoreRows({
  loaded,
  total,
  hasMore,
  busy,
  onMore,
}: {
  readonly loaded: number;
  readonly total?: number | null | undefined;
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
      </span>
      {hasMore && (
        <Button size="compact" variant="default" loading={busy} onClick={onMore}>
          Load more
        </Button>
      )}
    </>
  );
}
