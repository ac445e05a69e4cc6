import type { ReactNode } from 'react';
import { Loading } from './loading.tsx';
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
export function Remote<T>({ query, what, from, rows, children }: RemoteProps<T>) {
  const failed = query.error !== null && query.error !== undefined && (
    <ProblemPanel
      error={query.error}
      what={`${what} could not be read`}
      onRetry={() => void query.refetch()}
    />
  );
  if (query.data === undefined) {
    return failed || <Loading {...(rows === undefined ? {} : { rows })} {...(from ? { what: from } : {})} />;
  }
  return (
    <>
      {failed}
      {children(query.data)}
    </>
  );
}
