import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Query, request } from './request.ts';
import type { Devices, HistoryEntry, Page, Places, Run, RunState, Sessions, User } from './types.ts';

const userPath = (id: string) => `/api/users/${encodeURIComponent(id)}`;

export const usersQuery = (filter: Query) =>
  infiniteQueryOptions({
    queryKey: ['users', filter],
    queryFn: async ({ pageParam, signal }) =>
      await request<Page<User>>('/api/users', {
        query: {
          ...filter,
          after: pageParam,
          limit: 200,
          ...(pageParam === undefined ? { count: true } : {}),
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

/** The first few people who administer an organization. */
export const administratorsQuery = (organization: string) =>
  queryOptions({
    queryKey: ['users', 'administrators', organization],
    queryFn: async ({ signal }) =>
      (
        await request<Page<User>>('/api/users', {
          query: { organization, role: 'admin', state: 'active', limit: 5 },
          signal,
        })
      ).items,
    staleTime: 60_000,
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ['user', id],
    queryFn: async ({ signal }) => await request<User>(userPath(id), { signal }),
  });

export const placesQuery = (id: string) =>
  queryOptions({
    queryKey: ['user', id, 'places'],
    queryFn: async ({ signal }) => await request<Places>(`${userPath(id)}/places`, { signal }),
  });

/** A user's sessions; without an id, one's own. */
export const sessionsQuery = (id?: string) =>
  queryOptions({
    queryKey: id === undefined ? ['me', 'sessions'] : ['user', id, 'sessions'],
    queryFn: async ({ signal }) => await request<Sessions>(`${sessionsPath(id)}`, { signal }),
  });

export const sessionsPath = (id?: string) =>
  id === undefined ? '/api/me/sessions' : `${userPath(id)}/sessions`;

/** A user's devices; without an id, one's own. */
export const devicesQuery = (id?: string) =>
  queryOptions({
    queryKey: id === undefined ? ['me', 'devices'] : ['user', id, 'devices'],
    queryFn: async ({ signal }) =>
      await request<Devices>(id === undefined ? '/api/me/devices' : `${userPath(id)}/devices`, { signal }),
  });

export const historyQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['user', id, 'history'],
    queryFn: async ({ pageParam, signal }) =>
      await request<Page<HistoryEntry>>(`${userPath(id)}/history`, { query: { after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

export const runsQuery = (filter: Query) =>
  infiniteQueryOptions({
    queryKey: ['runs', filter],
    queryFn: async ({ pageParam, signal }) =>
      await request<Page<Run>>('/api/runs', { query: { ...filter, after: pageParam, limit: 100 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

const moving: readonly RunState[] = ['queued', 'running', 'compensating'];

/** Whether a run goes on by itself now. */
function isMoving(state: RunState): boolean {
  return moving.includes(state);
}

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: async ({ signal }) => await request<Run>(`/api/runs/${encodeURIComponent(id)}`, { signal }),
    // The stream tells of every change; where it does not reach, a running run is asked once a second.
    refetchInterval: ({ state }) => (state.data && isMoving(state.data.state) ? 1_000 : false),
  });
