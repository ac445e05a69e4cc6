import { hashPassword, isPassword } from '../access/index.ts';
import { ApiError, badRequest, noToken, nothingThere } from '../errors.ts';
import type { MountState } from '../store/index.ts';
import { type Call, idAt, keysReply, type Reply, type Route, text } from './call.ts';
import { issueForLogin } from './issue.ts';
import { plainTokenParams, readTokenParams } from './token-params.ts';

/** The paths of a userpass method (builtin/credential/userpass/backend.go). */
export const userpassRoutes: readonly Route[] = [
  { path: 'users', handlers: { list: (call) => keysReply(mountOf(call).users.keys()) } },
  {
    path: 'users/*',
    handlers: { read: readUser, write: writeUser, delete: deleteUser },
    exists: (call) => mountOf(call).users.has(nameOf(call)),
  },
  { path: 'users/*/password', handlers: { write: changeUser } },
  { path: 'users/*/policies', handlers: { write: changeUser } },
  { path: 'login/*', handlers: { write: login }, isOpen: true },
];

function mountOf({ mount }: Call): MountState {
  if (!mount) throw new ApiError(500, ['no mount']);
  return mount;
}

function nameOf(call: Call): string {
  return idAt(call).toLowerCase();
}

function readUser(call: Call): Reply {
  const user = mountOf(call).users.get(nameOf(call));
  if (!user) throw nothingThere();
  const { hash: _, ...shown } = user;
  return { data: shown };
}

function writeUser(call: Call): undefined {
  const { body, kernel, namespace } = call;
  const mount = mountOf(call);
  const name = nameOf(call);
  const present = mount.users.get(name);
  const password = text(body, 'password');
  if (text(body, 'password_hash') !== '')
    throw badRequest('password_hash is not emulated: send the password');
  if (!present && password === '') throw badRequest('must provide either password or password_hash');
  const user = {
    ...readTokenParams(body, present ?? plainTokenParams),
    hash: password === '' ? (present?.hash ?? '') : hashPassword(password),
  };
  const target = `auth/${mount.row.path}`;
  kernel.push({ type: 'user.write', namespace: namespace.path, target, payload: { name, user } });
  return undefined;
}

function changeUser(call: Call): undefined {
  if (!mountOf(call).users.has(nameOf(call))) throw new ApiError(500, ['username does not exist']);
  return writeUser(call);
}

function deleteUser(call: Call): undefined {
  const { kernel, namespace } = call;
  const mount = mountOf(call);
  const name = nameOf(call);
  const target = `auth/${mount.row.path}`;
  if (mount.users.has(name))
    kernel.push({ type: 'user.delete', namespace: namespace.path, target, payload: { name } });
  return undefined;
}

/** After so many failures a name is refused for a while (helper/configutil/userlockout.go). */
const lockout = { failures: 5, ms: 15 * 60_000 };

/** Signs in; an unknown name is refused as a wrong password is (builtin/credential/userpass/path_login.go). */
function login(call: Call): Reply {
  const { body, kernel, namespace } = call;
  const mount = mountOf(call);
  const name = nameOf(call);
  const { failures } = kernel.runtime;
  const key = `${namespace.path} ${mount.row.path} ${name}`;
  const failed = failures.get(key);
  const counted = failed && kernel.now() - failed.at < lockout.ms ? failed.count : 0;
  if (counted >= lockout.failures) throw noToken();
  const password = text(body, 'password');
  if (password === '') throw new ApiError(500, ['missing password']);
  const user = mount.users.get(name);
  if (!user || !isPassword(password, user.hash)) {
    failures.set(key, { count: counted + 1, at: kernel.now() });
    throw badRequest('invalid username or password');
  }
  failures.delete(key);
  const path = `auth/${mount.row.path}/login/${name}`;
  const at = { namespace: namespace.path, mount, path, origin: `user ${name}` };
  const who = { displayName: `${mount.row.path.replaceAll('/', '-')}-${name}`, meta: { username: name } };
  const issued = issueForLogin(kernel, at, user, who);
  return { auth: issued.auth, ...(issued.warnings.length > 0 ? { warnings: issued.warnings } : {}) };
}
