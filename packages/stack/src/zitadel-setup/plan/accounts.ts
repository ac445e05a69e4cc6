import { DrawbridgeError } from '@drawbridge/kit';
import { type AdministeredResource, type FoundUser, ownerMetadata } from '@drawbridge/zitadel';
import { accountId, keyOf, usernameOf } from '../names.ts';
import type { WishedAccount } from '../wish/index.ts';
import { planCredential } from './credentials.ts';
import { findAccount } from './find.ts';
import { compare, comparePart, type Planning } from './planning.ts';

const tokenTypes = { jwt: 'ACCESS_TOKEN_TYPE_JWT', opaque: 'ACCESS_TOKEN_TYPE_BEARER' } as const;

/** What one machine user needs: itself, what it administers, its authorizations, a key. */
export function planAccount(planning: Planning, name: string, wished: WishedAccount): void {
  const { wish, reading, ledger, notes, present } = planning;
  const username = usernameOf(wish.owner, name, wished);
  const found = findAccount(reading.users, { ledger, owner: wish.owner }, name, wished);
  const id = found?.userId ?? ledger.get(keyOf.account(name))?.id ?? accountId(wish.owner, name);
  const title = `account ${name}`;
  if (found?.human) {
    planning.foreign.push({ title: `${title} (a person)`, id, fields: [] });
    return;
  }
  const machine = {
    name: wished.name,
    accessTokenType: tokenTypes[wished.accessToken],
    ...(wished.description === undefined ? {} : { description: wished.description }),
  };
  const metadata = ownerMetadata({ owner: wish.owner, tenant: 'site', ref: name });
  const standing = compare(planning, {
    key: keyOf.account(name),
    title,
    found: found && { id, fields: fieldsOf(found) },
    wanted: { username, ...machine },
    intent: { id },
    async create({ zitadel, call }) {
      const user = { organizationId: reading.organizationId, userId: id, username, machine, metadata };
      await zitadel.users.create(user, call);
    },
    async update({ zitadel, call }) {
      await zitadel.users.update(id, { username, machine, metadata }, call);
    },
  });
  if (standing === 'foreign') return;
  present.accounts.set(name, id);
  if (found && found.state !== 'USER_STATE_ACTIVE')
    notes.push(`Account ${name} is not active in Zitadel; whoever did that has to undo it.`);
  planRoles(planning, name, id, wished);
  planAuthorizations(planning, name, id, wished);
  if (wished.key)
    planCredential(planning, {
      kind: 'key',
      of: 'account',
      name,
      userId: id,
      days: wished.keyDays,
      isThere: found !== undefined,
    });
}

function fieldsOf({ username, machine }: FoundUser) {
  return { accessTokenType: 'ACCESS_TOKEN_TYPE_BEARER', ...machine, username };
}

/** Roles as they are wished and no others, over what the wish names: more than its job takes is a fault as well. */
function planRoles(planning: Planning, name: string, userId: string, wished: WishedAccount): void {
  const held = planning.reading.administrators.filter(({ user }) => user.id === userId);
  const wants: (readonly [string, AdministeredResource, readonly string[]])[] = [
    ['the instance', { instance: true }, wished.roles],
    ...Object.entries(wished.organizations).map(
      ([organizationId, roles]) => [`organization ${organizationId}`, { organizationId }, roles] as const,
    ),
  ];
  for (const [over, resource, roles] of wants) {
    const present = held.find((one) =>
      'instance' in resource ? one.instance === true : one.organization?.id === resource.organizationId,
    );
    if (present && roles.length === 0) {
      planning.notes.push(`Account ${name} has roles over ${over} that its job does not take.`);
      continue;
    }
    comparePart(planning, {
      title: `roles of account ${name} over ${over}`,
      present: present && { roles: present.roles },
      wanted: { roles },
      async make({ zitadel, call }) {
        const administrator = { userId, resource, roles };
        const { changed } = await zitadel.administrators.create(administrator, call);
        if (!changed) await zitadel.administrators.update(administrator, call);
      },
    });
  }
}

function planAuthorizations(planning: Planning, name: string, userId: string, wished: WishedAccount): void {
  const { reading, present } = planning;
  const { organizationId } = reading;
  for (const [project, roleKeys] of Object.entries(wished.authorizations)) {
    const projectId = present.projects.get(project);
    if (projectId === undefined) continue;
    const found = reading.authorizations.find(
      (one) =>
        one.user?.id === userId && one.project?.id === projectId && one.organization?.id === organizationId,
    );
    comparePart(planning, {
      title: `authorization of account ${name} in ${project}`,
      present: found && { roles: found.roles?.map(({ key }) => key) },
      wanted: { roles: roleKeys },
      async make({ zitadel, call }) {
        const authorization = { userId, projectId, organizationId, roleKeys };
        await zitadel.authorizations.ensure(authorization, call);
      },
    });
  }
}

/** Two accounts of a wish that would be one. @throws {DrawbridgeError} `invalid_settings` */
export function requireDistinct(owner: string, accounts: Readonly<Record<string, WishedAccount>>): void {
  const names = Object.entries(accounts).map(([name, one]) => usernameOf(owner, name, one).toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new DrawbridgeError('invalid_settings', { message: `Two accounts have the user name ${twice}.` });
}
