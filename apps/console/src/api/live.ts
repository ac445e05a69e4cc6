import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { withQuery } from './request.ts';

/** How fresh the page is: told by the event stream. */
export interface LiveState {
  readonly status: 'connecting' | 'live' | 'paused';
  /** When updates stopped. */
  readonly since: number | undefined;
}

const kinds = ['user', 'run', 'sweep', 'import'] as const;
type Kind = (typeof kinds)[number];

/** Queries that show something of a kind: first word of their key. */
const shownBy: Record<Kind, readonly string[]> = {
  user: ['users', 'overview'],
  run: ['runs', 'overview'],
  sweep: ['sweeps', 'overview'],
  import: ['imports'],
};
const flushMs = 250;
/** What happens in one transaction is told in several events, one right after the other. */
const togetherMs = 20;
const longestRetryMs = 60_000;

let state: LiveState = { status: 'connecting', since: undefined };
const listeners = new Set<() => void>();

function setState(next: LiveState): void {
  state = next;
  for (const listener of listeners) listener();
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/**
 * Keeps the cache as fresh as the directory's event stream of an organization, while the component is there; of all that
 * one may see with null.
 */
export function useLive(client: QueryClient, organization: string | null | undefined): void {
  useEffect(() => {
    if (organization === undefined) return undefined;
    return follow(client, organization);
  }, [client, organization]);
}

/** @returns what ends it */
function follow(client: QueryClient, organization: string | null): () => void {
  const changed = new Map<string, readonly string[]>();
  let source: EventSource | undefined;
  let flushing: ReturnType<typeof setTimeout> | undefined;
  let retrying: ReturnType<typeof setTimeout> | undefined;
  let retryMs = 2_000;
  let flushedAt = Number.NEGATIVE_INFINITY;

  // At once where nothing was for a while, and at most four repaints a second, however many events come.
  const flush = () => {
    flushing = undefined;
    flushedAt = performance.now();
    for (const key of changed.values()) void client.invalidateQueries({ queryKey: [...key] });
    changed.clear();
  };
  const note = (kind: Kind, data: string) => {
    const { id } = JSON.parse(data) as { id: string };
    for (const key of [[kind, id], ...shownBy[kind].map((name) => [name])]) changed.set(key.join(' '), key);
    flushing ??= setTimeout(flush, Math.max(togetherMs, flushedAt + flushMs - performance.now()));
  };
  const connect = () => {
    const stream = new EventSource(withQuery('/api/events', { organization }));
    source = stream;
    stream.onopen = () => {
      retryMs = 2_000;
      // What happened in a gap was told to nobody.
      if (state.status === 'paused') void client.invalidateQueries();
      setState({ status: 'live', since: undefined });
    };
    stream.onerror = () => {
      if (state.status !== 'paused') setState({ status: 'paused', since: Date.now() });
      // The browser tries again by itself, unless the answer was no stream at all.
      if (stream.readyState !== EventSource.CLOSED) return;
      retrying = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    };
    for (const kind of kinds) {
      stream.addEventListener(kind, ({ data }: MessageEvent<string>) => note(kind, data));
    }
    stream.addEventListener('reset', () => void client.invalidateQueries());
  };
  connect();
  return () => {
    source?.close();
    clearTimeout(flushing);
    clearTimeout(retrying);
    setState({ status: 'connecting', since: undefined });
  };
}
