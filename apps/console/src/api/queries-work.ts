import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Query, request } from './request.ts';
import type {
  Import,
  ImportRow,
  Integration,
  IntegrationHealth,
  Overview,
  Page,
  ServiceAccount,
  Sweep,
  SweepItem,
} from './types.ts';

export const overviewQuery = (organization: string) =>
  queryOptions({
    queryKey: ['overview', organization],
    queryFn: async ({ signal }) =>
      await request<Overview>('/api/overview', { query: { organization }, signal }),
    refetchInterval: 30_000,
  });

export const sweepsQuery = (filter: Query) =>
  infiniteQueryOptions({
    queryKey: ['sweeps', filter],
    queryFn: async ({ pageParam, signal }) =>
      await request<Page<Sweep>>('/api/sweeps', {
        query: { ...filter, after: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

export const sweepQuery = (id: string, organization: string | undefined) =>
  queryOptions({
    queryKey: ['sweep', id, organization],
    queryFn: async ({ signal }) =>
      await request<Sweep>(`/api/sweeps/${encodeURIComponent(id)}`, { query: { organization }, signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 1_000 : false),
  });

export const sweepItemsQuery = (id: string, organization: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['sweep', id, 'items', organization],
    queryFn: async ({ pageParam, signal }) =>
      await request<Page<SweepItem>>(`/api/sweeps/${encodeURIComponent(id)}/items`, {
        query: { organization, after: pageParam, limit: 500 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

export const importsQuery = (organization: string) =>
  queryOptions({
    queryKey: ['imports', organization],
    queryFn: async ({ signal }) =>
      (await request<Page<Import>>('/api/imports', { query: { organization }, signal })).items,
  });

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['import', id],
    queryFn: async ({ signal }) =>
      await request<Import>(`/api/imports/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) =>
      state.data && ['reading', 'running', 'stopping'].includes(state.data.state) ? 1_000 : false,
  });

export const importRowsQuery = (id: string, plan: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['import', id, 'rows', plan],
    queryFn: async ({ pageParam, signal }) =>
      await request<Page<ImportRow>>(`/api/imports/${encodeURIComponent(id)}/rows`, {
        query: { plan, after: pageParam, limit: 200 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

export const integrationsQuery = () =>
  queryOptions({
    queryKey: ['integrations'],
    queryFn: async ({ signal }) => (await request<Page<Integration>>('/api/integrations', { signal })).items,
  });

export const integrationHealthQuery = (id: string) =>
  queryOptions({
    queryKey: ['integration', id, 'health'],
    queryFn: async ({ signal }) =>
      await request<IntegrationHealth>(`/api/integrations/${encodeURIComponent(id)}/health`, { signal }),
    refetchInterval: 30_000,
  });

export const serviceAccountsQuery = (organization: string) =>
  queryOptions({
    queryKey: ['service-accounts', organization],
    queryFn: async ({ signal }) =>
      (await request<Page<ServiceAccount>>('/api/service-accounts', { query: { organization }, signal }))
        .items,
  });
