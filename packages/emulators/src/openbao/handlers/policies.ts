import { PolicySyntaxError, parsePolicy } from '../access/index.ts';
import { defaultPolicy } from '../default-policy.ts';
import { badRequest, nothingThere } from '../errors.ts';
import { randomText } from '../kernel.ts';
import { type Call, idAt, keysReply, type Reply, type Route, text } from './call.ts';

/** Policies and namespaces (vault/policy/policy_store.go, vault/namespace_store.go). */
export const policyRoutes: readonly Route[] = [
  { path: 'policies/acl', handlers: { list: listPolicies, read: listPolicies } },
  { path: 'policies/acl/*', handlers: { read: readPolicy, write: writePolicy, delete: deletePolicy } },
  { path: 'namespaces', handlers: { list: listNamespaces } },
  {
    path: 'namespaces/*',
    handlers: { read: readNamespace, write: createNamespace, delete: deleteNamespace },
    needsSudo: true,
  },
];

/** Names are kept in lower case. */
function nameOf(call: Call): string {
  return idAt(call).toLowerCase();
}

function listPolicies({ namespace }: Call): Reply {
  const own = namespace.path === '' ? ['default', 'root'] : ['default'];
  return keysReply(new Set([...own, ...namespace.policies.keys()]));
}

function readPolicy(call: Call): Reply {
  const name = nameOf(call);
  const standard = name === 'default' ? defaultPolicy : name === 'root' ? '' : undefined;
  const policy = call.namespace.policies.get(name) ?? standard;
  if (policy === undefined) throw nothingThere();
  return { data: { name, policy, version: 0, cas_required: false } };
}

function writePolicy(call: Call): Reply | undefined {
  const { body, kernel, namespace } = call;
  const name = nameOf(call);
  const given = text(body, 'policy');
  if (given === '') throw badRequest("'policy' parameter not supplied or empty");
  if (name === 'root') throw badRequest('cannot update "root" policy');
  const policy = decoded(given);
  try {
    parsePolicy(policy);
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw badRequest(`failed to parse policy: ${error.message}`);
    throw error;
  }
  kernel.push({ type: 'policy.write', namespace: namespace.path, target: name, payload: { policy } });
  return name === idAt(call) ? undefined : { warnings: [`policy name was converted to lowercase: ${name}`] };
}

/** A policy may come in base64. */
function decoded(given: string): string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(given) || given.length % 4 !== 0) return given;
  return Buffer.from(given, 'base64').toString('utf8');
}

function deletePolicy(call: Call): undefined {
  const { kernel, namespace } = call;
  const name = nameOf(call);
  if (name === 'default') throw badRequest('cannot delete default policy');
  if (name === 'root') throw badRequest('cannot delete "root" policy');
  if (namespace.policies.has(name))
    kernel.push({ type: 'policy.delete', namespace: namespace.path, target: name, payload: {} });
  return undefined;
}

function listNamespaces({ kernel, namespace }: Call): Reply {
  const names = [...kernel.state.namespaces.keys()]
    .filter((path) => path.startsWith(namespace.path) && path !== namespace.path)
    .map((path) => path.slice(namespace.path.length))
    .filter((name) => name.indexOf('/') === name.length - 1);
  return keysReply(names);
}

const reserved = ['root', 'sys', 'audit', 'auth', 'cubbyhole', 'identity', '.', '..'];

function targetOf(call: Call): string {
  return `${call.namespace.path}${idAt(call)}/`;
}

function readNamespace(call: Call): Reply {
  const found = call.kernel.state.namespaces.get(targetOf(call));
  if (!found) throw nothingThere();
  return { data: show(found) };
}

function show({ path, id }: { readonly path: string; readonly id: string }): object {
  return { custom_metadata: {}, id, locked: false, path, tainted: false };
}

function createNamespace(call: Call): Reply {
  const { kernel, namespace } = call;
  const name = idAt(call);
  if (reserved.includes(name))
    throw badRequest(`${JSON.stringify(name)} is a reserved path and cannot be used as a namespace`);
  const target = targetOf(call);
  if (!kernel.state.namespaces.has(target)) {
    const id = randomText(6);
    kernel.push({ type: 'namespace.create', namespace: namespace.path, target, payload: { id } });
  }
  return readNamespace(call);
}

/** Upstream does it in the background; here it is done at once. */
function deleteNamespace(call: Call): Reply | undefined {
  const { kernel, namespace } = call;
  const target = targetOf(call);
  const paths = [...kernel.state.namespaces.keys()];
  if (!paths.includes(target)) return undefined;
  if (paths.some((path) => path !== target && path.startsWith(target)))
    throw badRequest('cannot delete namespace containing child namespaces');
  kernel.push({ type: 'namespace.delete', namespace: namespace.path, target, payload: {} });
  return { data: { status: 'in-progress' } };
}
