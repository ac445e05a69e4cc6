import { Button, Empty, formatCount, Loading } from '../../parts/index.ts';

export interface NoMatchProps {
  /** What is listed: "users". */
  readonly what: string;
  readonly filter: string;
  readonly onClear: () => void;
  /** How many were looked at and left out, where the filter leaves some out. */
  readonly leftOut?: number;
  /** Whether more is being looked at now. */
  readonly busy?: boolean;
  /** Looks further, where there is more. */
  readonly onMore?: (() => void) | undefined;
}

/** Nothing fits a filter: said with the filter, and the way out of it. */
export function NoMatch({ what, filter, onClear, leftOut = 0, busy = false, onMore }: NoMatchProps) {
  if (busy) return <Loading what={`more ${what}`} />;
  return (
    <Empty
      action={
        <>
          {onMore && (
            <Button variant="default" onClick={onMore}>
              Look further
            </Button>
          )}
          <Button variant="default" onClick={onClear}>
            Clear filter
          </Button>
        </>
      }
    >
      No {what} match <code>{filter}</code>
      {onMore && leftOut > 0 ? ` among the first ${formatCount(leftOut)}` : ''}.
    </Empty>
  );
}
