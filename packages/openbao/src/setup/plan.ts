import { DrawbridgeError } from '@drawbridge/kit';
import type { Openbao } from '../client/index.ts';
import { jwtConfigBody, jwtRoleBody } from '../services/index.ts';
import type { CallOptions } from '../transport/index.ts';
import { type ChangeTarget, type FieldChange, fieldChanges, type OpenbaoChange } from './change.ts';
import type { WantedJwt, WantedOpenbao } from './wanted.ts';

/**
 * Compares what is wanted with what there is and tells what would have to be written, in the order in which it has to be. Nothing is
 * changed; an empty list says that all is well.
 *
 * @throws {DrawbridgeError} `openbao_denied`, `conflict` where a path is taken by something of another type
 */
export async function planOpenbao(
  openbao: Openbao,
  wanted: WantedOpenbao,
  options?: CallOptions,
): Promise<readonly OpenbaoChange[]> {
  const changes: OpenbaoChange[] = [];
  const engines = await openbao.mounts.list(options);
  for (const mount of wanted.kv ?? []) {
    const found = engines.find(({ path }) => path === mount);
    if (!found)
      changes.push(creation({ kind: 'kv', mount }, `KV engine ${mount}`, { type: 'kv', version: '2' }));
    else if (found.type !== 'kv' || found.options.version !== '2')
      throw taken(mount, `${found.type} version ${found.options.version ?? '1'}`, 'a KV engine of version 2');
  }
  for (const [name, policy] of Object.entries(wanted.policies ?? {})) {
    const present = await openbao.policies.read(name, options);
    const fields = fieldChanges(present === undefined ? undefined : { policy: present.trim() }, {
      policy: policy.trim(),
    });
    pushIfAny(changes, { kind: 'policy', name, policy }, `policy ${name}`, present !== undefined, fields);
  }
  const methods = await openbao.auth.list(options);
  const typeAt = (mount: string) => methods.find(({ path }) => path === mount)?.type;
  for (const mount of wanted.userpass ?? []) pushMethod(changes, mount, 'userpass', typeAt(mount));
  for (const one of wanted.jwt ?? []) {
    pushMethod(changes, one.mount, 'jwt', typeAt(one.mount));
    changes.push(...(await planJwt(openbao, one, typeAt(one.mount) !== undefined, options)));
  }
  return changes;
}

async function planJwt(
  openbao: Openbao,
  { mount, config, roles }: WantedJwt,
  isEnabled: boolean,
  options?: CallOptions,
): Promise<readonly OpenbaoChange[]> {
  const changes: OpenbaoChange[] = [];
  const method = openbao.jwt(mount);
  const present = isEnabled ? await method.readConfig(options) : undefined;
  const configFields = fieldChanges(present && { ...present }, jwtConfigBody(config));
  const what = `configuration of auth/${mount}`;
  pushIfAny(changes, { kind: 'jwt-config', mount, config }, what, present !== undefined, configFields);
  for (const [name, role] of Object.entries(roles)) {
    const found = isEnabled ? await method.readRole(name, options) : undefined;
    const fields = fieldChanges(found && { ...found }, { ...jwtRoleBody(role) });
    const title = `role ${name} of auth/${mount}`;
    pushIfAny(changes, { kind: 'jwt-role', mount, name, role }, title, found !== undefined, fields);
  }
  return changes;
}

/**
 * Makes the changes of a plan, in its order. It stops at the first that fails: what was written stays, and the next plan holds the
 * rest.
 *
 * @throws {DrawbridgeError} `openbao_keys_unreachable`, `openbao_denied`, `openbao_invalid_argument`
 */
export async function applyOpenbao(
  openbao: Openbao,
  changes: readonly OpenbaoChange[],
  options?: CallOptions,
): Promise<void> {
  for (const change of changes) await applyOne(openbao, change, options);
}

async function applyOne(openbao: Openbao, change: OpenbaoChange, options?: CallOptions): Promise<void> {
  switch (change.kind) {
    case 'kv':
      await openbao.mounts.enable(change.mount, { type: 'kv', options: { version: '2' } }, options);
      return;
    case 'policy':
      await openbao.policies.write(change.name, change.policy, options);
      return;
    case 'auth':
      await openbao.auth.enable(change.mount, { type: change.type }, options);
      return;
    case 'jwt-config':
      await openbao.jwt(change.mount).writeConfig(change.config, options);
      return;
    case 'jwt-role':
      await openbao.jwt(change.mount).writeRole(change.name, change.role, options);
  }
}

function pushMethod(
  changes: OpenbaoChange[],
  mount: string,
  type: 'jwt' | 'userpass',
  present: string | undefined,
): void {
  // An "oidc" method is the same method by another name.
  if (present === type || (present === 'oidc' && type === 'jwt')) return;
  if (present !== undefined) throw taken(`auth/${mount}`, present, type);
  changes.push(creation({ kind: 'auth', mount, type }, `auth method ${mount}`, { type }));
}

function creation(
  target: ChangeTarget,
  title: string,
  fields: Readonly<Record<string, unknown>>,
): OpenbaoChange {
  return { ...target, action: 'create', title, fields: fieldChanges(undefined, fields) };
}

function pushIfAny(
  changes: OpenbaoChange[],
  target: ChangeTarget,
  title: string,
  isPresent: boolean,
  fields: readonly FieldChange[],
): void {
  if (isPresent && fields.length === 0) return;
  changes.push({ ...target, action: isPresent ? 'update' : 'create', title, fields });
}

function taken(where: string, saw: string, wanted: string): DrawbridgeError {
  return new DrawbridgeError('conflict', {
    message: `At ${where} there is something else than ${wanted}.`,
    saw,
    fix: 'Choose another mount, or take that one away.',
  });
}
