import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Empty } from './empty.tsx';
import { Loading, useWaiting } from './loading.tsx';
import { ProblemPanel } from './problem-panel.tsx';

/** The part of a query's result that is drawn. */
export interface RemoteQuery<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => Promise<unknown>;
}

export interface RemoteProps<T> {
  readonly query: RemoteQuery<T>;
  /** What is shown, as in "The sessions could not be read". */
  readonly what: string;
  /** Who is waited for, when it is not Drawbridge itself. */
  readonly from?: string;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}

/** A card that loads and fails by itself. What was loaded before stays, with the failure above it. */
export function Remote<T>({ query, what, from = 'Drawbridge', rows, children }: RemoteProps<T>) {
  const client = useQueryClient();
  const [cancelled, setCancelled] = useState(false);
  const failed = query.error !== null && query.error !== undefined;
  const [waits, onSeen] = useWaiting(query.data === undefined && !failed);
  const retry = () => {
    setCancelled(false);
    void query.refetch();
  };
  const problem = failed && (
    <ProblemPanel error={query.error} what={`${what} could not be read`} onRetry={retry} />
  );
  if (cancelled && query.data === undefined) return <Cancelled from={from} onRetry={retry} />;
  if (waits) {
    const cancel = () => {
      setCancelled(true);
      cancelQuery(client, query);
    };
    return (
      <Loading {...(rows === undefined ? {} : { rows })} what={from} onSeen={onSeen} onCancel={cancel} />
    );
  }
  return (
    <>
      {problem}
      {query.data !== undefined && children(query.data)}
    </>
  );
}

function Cancelled({ from, onRetry }: { readonly from: string; readonly onRetry: () => void }) {
  return (
    <Empty
      action={
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      Nobody waits for {from} any more, so that nothing is shown here.
    </Empty>
  );
}

/** Ends the request behind a result. A result does not name its query, but each has a `refetch` of its own. */
function cancelQuery(client: QueryClient, { refetch }: Pick<RemoteQuery<unknown>, 'refetch'>): void {
  const behind = client
    .getQueryCache()
    .getAll()
    .find(({ observers }) => observers.some((observer) => observer.refetch === refetch));
  if (behind) void client.cancelQueries({ queryKey: behind.queryKey, exact: true });
}
