import { useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** By entry of the browser's history; the oldest are forgotten. */
const kept = new Map<string, unknown>();
const mostKept = 200;

/** State of a page that Back brings again, like its scroll; a new visit begins with the initial value. */
export function useKept<T>(name: string, initial: T): readonly [T, (change: (now: T) => T) => void] {
  const entry = useRouterState({ select: ({ location }) => location.state.__TSR_key ?? '' });
  const id = `${name} ${entry}`;
  const [value, setValue] = useState<T>(() => (kept.has(id) ? (kept.get(id) as T) : initial));
  useEffect(() => {
    kept.delete(id);
    kept.set(id, value);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  }, [id, value]);
  return [value, setValue];
}
