import { alreadyExists, failedPrecondition, invalidArgument, notFound } from '../errors.ts';
import { isRoleOf } from '../permissions.ts';
import { type OrganizationRow, objectState, primaryDomain } from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import { type Message, timestamp, uint64, zeroDate } from '../wire/index.ts';
import { type Answer, type Call, detailsOf, type Handler } from './call.ts';
import { listDetails, oldPaging, pageOf, sortedBy, textMatcher } from './lists.ts';
import { addHuman, requireUsername } from './user-create.ts';
import { emailOf } from './user-fields.ts';

const organizationStates = [
  'ORGANIZATION_STATE_UNSPECIFIED',
  'ORGANIZATION_STATE_ACTIVE',
  'ORGANIZATION_STATE_INACTIVE',
  'ORGANIZATION_STATE_REMOVED',
];
const columns = ['UNSPECIFIED', 'NAME', 'CREATION_DATE'].map((name) => `ORGANIZATION_FIELD_NAME_${name}`);

export const organizationDraft = <T extends AnyDraft['type']>(id: string, type: T) =>
  ({ aggregateType: 'org', aggregateId: id, resourceOwner: id, type }) as const;

/** AddOrganization; the right is asked for the new id, so a role on the instance is needed (internal/command/org.go). */
export const addOrganization: Handler = async (call, input) => {
  const name = input.string('name', { min: 1, max: 200 }).trim();
  if (name === '') throw invalidArgument('EVENT-Mf9sd', 'Errors.Org.Invalid');
  const given =
    input.optionalString('organizationId', { min: 1, max: 200 }) ??
    input.optionalString('orgId', { min: 1, max: 200 });
  if (given !== undefined && given.trim() === '')
    throw invalidArgument('ORG-4ABd3', 'Errors.Invalid.Argument');
  const id = given ?? call.kernel.newId();
  call.require('org.create', id);
  if (call.fresh.organizations.has(id)) throw alreadyExists('ORG-laho2n', 'Errors.Org.AlreadyExisting');
  requireName(call, name);
  const admins = input.messages('admins').map((admin) => ({ admin, roles: adminRoles(admin) }));
  for (const { admin } of admins) {
    const userId = admin.optionalString('userId');
    if (userId !== undefined && !call.fresh.users.has(userId)) {
      throw failedPrecondition('ORG-GoXOn', 'Errors.User.NotFound');
    }
    const human = admin.message('human');
    // Upstream does all of it in one transaction; here what could fail is asked before anything is done.
    if (human) {
      const email = emailOf(human.requiredMessage('email'));
      requireUsername(call, id, human.optionalString('username') ?? email);
    }
  }
  const added = call.push(...newOrganizationDrafts(call, id, name));
  const createdAdmins: Answer[] = [];
  for (const { admin, roles } of admins) createdAdmins.push(...(await addAdmin(call, id, admin, roles)));
  return { details: detailsOf(added), organizationId: id, createdAdmins };
};

/** An organization comes with a verified primary domain under the instance's (internal/command/org_domain.go). */
function newOrganizationDrafts(call: Call, id: string, name: string): readonly AnyDraft[] {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const instanceDomains = [...call.fresh.customDomains];
  const [instanceDomain] = instanceDomains.find(([, row]) => row.primary) ?? ['localhost'];
  let domain = `${slug || id}.${instanceDomain}`;
  if (call.fresh.organizationDomains.has(domain)) domain = `${slug}-${id}.${instanceDomain}`;
  return [
    { ...organizationDraft(id, 'org.added'), payload: { name } },
    { ...organizationDraft(id, 'org.domain.added'), payload: { domain } },
    { ...organizationDraft(id, 'org.domain.verified'), payload: { domain } },
    { ...organizationDraft(id, 'org.domain.primary.set'), payload: { domain } },
  ];
}

function adminRoles(admin: Message): readonly string[] {
  const roles = admin.strings('roles');
  if (roles.some((role) => !isRoleOf(role, 'ORG_')))
    throw invalidArgument('Org-4N8es', 'Errors.Org.MemberInvalid');
  return roles.length > 0 ? roles : ['ORG_OWNER'];
}

async function addAdmin(
  call: Call,
  id: string,
  admin: Message,
  roles: readonly string[],
): Promise<readonly Answer[]> {
  const human = admin.message('human');
  const created = human
    ? await addHuman(call, {
        organizationId: id,
        userId: human.optionalString('userId', { min: 1, max: 200 }),
        username: human.optionalString('username', { min: 1, max: 200 }),
        fields: human,
        metadata: human.messages('metadata'),
      })
    : undefined;
  const userId = created?.id ?? admin.id('userId');
  call.push({ ...organizationDraft(id, 'org.member.added'), payload: { userId, roles } });
  return created ? [{ userId, emailCode: created.emailCode, phoneCode: created.phoneCode }] : [];
}

/** UpdateOrganization: an unchanged name is refused (internal/command/org.go). */
export const updateOrganization: Handler = (call, input) => {
  const row = existing(call, input.id('organizationId'), 'ORG-1MRds');
  const name = input.string('name', { min: 1, max: 200 }).trim();
  call.require('org.write', row.id);
  if (row.name === name) throw failedPrecondition('ORG-4VSdf', 'Errors.Org.NotChanged');
  if (row.name.toLowerCase() !== name.toLowerCase()) requireName(call, name);
  const event = call.push({
    ...organizationDraft(row.id, 'org.changed'),
    payload: { name, oldName: row.name },
  });
  return { changeDate: timestamp(event.createdAt) };
};

export const deactivateOrganization: Handler = (call, input) => {
  const row = existing(call, input.id('organizationId'), 'ORG-oL9nT');
  call.require('org.write', row.id);
  if (row.state === objectState.inactive) {
    throw failedPrecondition('EVENT-Dbs2g', 'Errors.Org.AlreadyDeactivated');
  }
  const event = call.push({ ...organizationDraft(row.id, 'org.deactivated'), payload: {} });
  return { changeDate: timestamp(event.createdAt) };
};

export const activateOrganization: Handler = (call, input) => {
  const row = existing(call, input.id('organizationId'), 'ORG-Dgf3g');
  call.require('org.write', row.id);
  if (row.state === objectState.active) {
    throw failedPrecondition('EVENT-bfnrh', 'Errors.Org.AlreadyActive');
  }
  const event = call.push({ ...organizationDraft(row.id, 'org.reactivated'), payload: {} });
  return { changeDate: timestamp(event.createdAt) };
};

/** DeleteOrganization: what is not there is deleted already; the default one and the instance's own stay. */
export const deleteOrganization: Handler = (call, input) => {
  const id = input.id('organizationId');
  const row = call.fresh.organizations.get(id);
  call.require('org.delete', id);
  if (!row) return { deletionDate: zeroDate };
  if (id === call.fresh.instance.defaultOrganizationId) {
    throw failedPrecondition('COMMA-wG9p1', 'Errors.Org.DefaultOrgNotDeletable');
  }
  if (call.fresh.projects.get(call.fresh.instance.projectId)?.organizationId === id) {
    throw failedPrecondition('COMMA-AF3JW', 'Errors.Org.ZitadelOrgNotDeletable');
  }
  const event = call.push({ ...organizationDraft(id, 'org.removed'), payload: { name: row.name } });
  return { deletionDate: timestamp(event.createdAt) };
};

/** ListOrganizations: old paging, lagging; what may not be read leaves the page, not the total (internal/query/org.go). */
export const listOrganizations: Handler = (call, input) => {
  const state = call.lagging;
  const paging = oldPaging(input);
  const column = input.enum('sortingColumn', columns);
  const filters = input.messages('queries').map((query) => organizationFilter(call, query));
  const rows = [...state.organizations.values()].filter((row) => filters.every((matches) => matches(row)));
  const sorted = sortedBy(rows, (row) =>
    column === 1 ? row.name.toLowerCase() : column === 2 ? row.createdAt : row.id,
  );
  const page = pageOf(sorted, paging);
  return {
    details: listDetails(state, page.total),
    sortingColumn: column === 0 ? undefined : columns[column],
    result: page.rows.filter((row) => call.permits('org.read', row.id)).map(organizationMessage),
  };
};

function organizationFilter(call: Call, query: Message): (row: OrganizationRow) => boolean {
  const name = query.message('nameQuery');
  if (name) {
    const matches = textMatcher(name, 'name');
    return (row) => matches(row.name);
  }
  const domain = query.message('domainQuery');
  if (domain) {
    const matches = textMatcher(domain, 'domain');
    return (row) => [...row.domains.values()].some((known) => known.verified && matches(known.domain));
  }
  const state = query.message('stateQuery');
  if (state) {
    const wanted = state.enum('state', organizationStates);
    return (row) => row.state === wanted;
  }
  const id = query.message('idQuery')?.id('id');
  if (id !== undefined) return (row) => row.id === id;
  return (row) => row.id === call.lagging.instance.defaultOrganizationId;
}

function organizationMessage(row: OrganizationRow): Answer {
  return {
    id: row.id,
    details: {
      sequence: uint64(row.sequence),
      changeDate: timestamp(row.changedAt),
      resourceOwner: row.id,
      creationDate: timestamp(row.createdAt),
    },
    state: organizationStates[row.state],
    name: row.name,
    primaryDomain: primaryDomain(row),
  };
}

export function existing(call: Call, id: string, missing: string): OrganizationRow {
  const row = call.fresh.organizations.get(id);
  if (!row) throw notFound(missing, 'Errors.Org.NotFound');
  return row;
}

function requireName(call: Call, name: string): void {
  if (call.fresh.organizationNames.has(name.toLowerCase())) {
    throw alreadyExists('V3-DKcYh', 'Errors.Org.AlreadyExists');
  }
}
