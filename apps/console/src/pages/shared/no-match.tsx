import { Button, Empty } from '../../parts/index.ts';

export interface NoMatchProps {
  /** What is listed: "users". */
  readonly what: string;
  readonly filter: string;
  readonly onClear: () => void;
}

/** Nothing fits a filter: said with the filter, and the way out of it. */
export function NoMatch({ what, filter, onClear }: NoMatchProps) {
  return (
    <Empty
      action={
        <Button variant="default" onClick={onClear}>
          Clear filter
        </Button>
      }
    >
      No {what} match <code>{filter}</code>.
    </Empty>
  );
}
