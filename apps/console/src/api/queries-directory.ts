import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Query, request } from './request.ts';
import { rememberCsrfToken } from './session.ts';
import type {
  AuditEntry,
  AuditVerification,
  Mapping,
  Me,
  Organization,
  Page,
  Role,
  Setting,
  SiteAdministrator,
  ZitadelOrganization,
} from './types.ts';

export const meQuery = () =>
  queryOptions({
    queryKey: ['me'],
    queryFn: async ({ signal }) => {
      const me = await request<Me>('/api/me', { signal });
      rememberCsrfToken(me.csrfToken);
      return me;
    },
    staleTime: 60_000,
  });

export const organizationsQuery = () =>
  queryOptions({
    queryKey: ['organizations'],
    queryFn: async ({ signal }) =>
      (await request<Page<Organization>>('/api/organizations', { signal })).items,
  });

export const organizationQuery = (id: string) =>
  queryOptions({
    queryKey: ['organization', id],
    queryFn: async ({ signal }) =>
      await request<Organization>(`/api/organizations/${encodeURIComponent(id)}`, { signal }),
  });

export const zitadelOrganizationsQuery = (q: string) =>
  queryOptions({
    queryKey: ['zitadel-organizations', q],
    queryFn: async ({ signal }) =>
      (
        await request<Page<ZitadelOrganization>>('/api/zitadel/organizations', {
          query: { q, limit: 50 },
          signal,
        })
      ).items,
  });

export const mappingsQuery = () =>
  queryOptions({
    queryKey: ['mappings'],
    queryFn: async ({ signal }) =>
      (await request<Page<Mapping>>('/api/zitadel/org-mapping', { signal })).items,
  });

const usualRoles: readonly Role[] = [
  { key: 'admin', displayName: 'Admin', permissions: [] },
  { key: 'manager', displayName: 'Manager', permissions: [] },
  { key: 'user', displayName: 'User', permissions: [] },
];

export const rolesQuery = () =>
  queryOptions({
    queryKey: ['roles'],
    queryFn: async ({ signal }) => (await request<Page<Role>>('/api/roles', { signal })).items,
    staleTime: 10 * 60_000,
    placeholderData: usualRoles,
  });

export const settingsQuery = () =>
  queryOptions({
    queryKey: ['settings'],
    queryFn: async ({ signal }) => (await request<Page<Setting>>('/api/settings', { signal })).items,
  });

export const siteAdministratorsQuery = () =>
  queryOptions({
    queryKey: ['site-administrators'],
    queryFn: async ({ signal }) =>
      (await request<Page<SiteAdministrator>>('/api/site-administrators', { signal })).items,
  });

export const auditQuery = (filter: Query) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: async ({ pageParam, signal }) =>
      await request<Page<AuditEntry>>('/api/audit', {
        query: {
          ...filter,
          after: pageParam,
          limit: 100,
          ...(pageParam === undefined ? { count: true } : {}),
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

export const auditVerificationQuery = (organization: string | undefined) =>
  queryOptions({
    queryKey: ['audit-verification', organization],
    queryFn: async ({ signal }) =>
      await request<AuditVerification>('/api/audit/verification', { query: { organization }, signal }),
    staleTime: 60_000,
  });
