import type { FunctionGrant } from '@drawbridge/events';
import type { RolesSource } from './policy.ts';

/** More would not fit into a header. */
const mostEntries = 500;
const longestEntry = 512;
/** Kubernetes keeps them for itself: `system:masters` may do everything. */
const reserved = /^\s*system:/i;
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Authorizations as a flat list, sorted and each entry once. */
export function rolesOf(grants: readonly FunctionGrant[], source: RolesSource): readonly string[] {
  const { organizations, projects, form = '{role}', rename = {}, take = 'all', always = [] } = source;
  const counts = ({ resource_owner: organization, project_id: project }: FunctionGrant) =>
    (organizations === undefined || organizations === 'any' || includes(organizations, organization)) &&
    (projects === undefined || includes(projects, project));
  const entries = grants.filter(counts).flatMap((grant) =>
    (Array.isArray(grant.roles) ? grant.roles : []).flatMap((role: unknown) => {
      if (typeof role !== 'string') return [];
      const other = Object.hasOwn(rename, role) ? rename[role] : undefined;
      if (other === undefined && take === 'renamed') return [];
      const entry = write(form, grant, other ?? role);
      return entry === undefined ? [] : [entry];
    }),
  );
  const usable = (entry: string) =>
    entry !== '' && entry.length <= longestEntry && !reserved.test(entry) && !unprintable.test(entry);
  return [...new Set([...always, ...entries].filter(usable))].sort().slice(0, mostEntries);
}

/** Undefined where the form asks for what the authorization does not tell: an entry with a hole could be another's. */
function write(form: string, grant: FunctionGrant, role: string): string | undefined {
  const parts: Readonly<Record<string, string | undefined>> = {
    role,
    organization: grant.resource_owner,
    domain: grant.org_primary_domain,
    project: grant.project_id,
  };
  let whole = true;
  const entry = form.replaceAll(/\{(\w+)\}/g, (placeholder, name: string, at: number) => {
    const part = parts[name];
    if (part === undefined || part === '') whole = false;
    // What stands last may hold anything; before it, an id with a colon must not end where something else begins.
    const last = at + placeholder.length === form.length;
    return last ? (part ?? '') : escapePart(part ?? '');
  });
  return whole ? entry : undefined;
}

function escapePart(part: string): string {
  return part.replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll('/', '%2F');
}

function includes(list: readonly string[], value: string | undefined): boolean {
  return value !== undefined && list.includes(value);
}
