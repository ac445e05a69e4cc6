import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem.ts';

/** The page's cache. What will not change by asking again is not asked again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 10 * 60_000,
        retry: (failures, error) => failures < 2 && isPassing(error),
        retryDelay: (failures) => 500 * 2 ** failures,
      },
      mutations: { retry: false },
    },
  });
}

/** Whether asking again may help: no answer, or a server's trouble; never a refusal, and not what is not built. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false;
  const { status } = error.problem;
  return status === 0 || (status >= 500 && status !== 501);
}
