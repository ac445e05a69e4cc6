import type { Secret } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import type { TokenFieldsBody } from '../wire/index.ts';
import { type LoginToken, readLogin } from './login.ts';
import { keysOf, orUndefined, pathOf, readData, segment } from './reading.ts';
import { type TokenFields, tokenFieldsBody } from './token-fields.ts';

/** One userpass method. Every method throws what the transport throws; the codes named are those to expect. */
export interface UserpassMethod {
  readonly mount: string;
  /** Makes a user, or changes what is said. @throws {DrawbridgeError} `openbao_invalid_argument` for a new one without a password */
  writeUser(
    name: string,
    user: TokenFields & { readonly password?: Secret },
    options?: CallOptions,
  ): Promise<void>;
  /** What there is but the password; undefined for nobody. */
  readUser(name: string, options?: CallOptions): Promise<TokenFieldsBody | undefined>;
  listUsers(options?: CallOptions): Promise<readonly string[]>;
  deleteUser(name: string, options?: CallOptions): Promise<void>;
  /**
   * Signs in. Names are the same in any case. After five failures OpenBao refuses for a quarter of an hour.
   *
   * @throws {DrawbridgeError} `openbao_login_refused` for an unknown user as for a wrong password
   */
  login(
    credential: { readonly name: string; readonly password: Secret },
    options?: CallOptions,
  ): Promise<LoginToken>;
}

/** The userpass method at a mount, over the transport. */
export function createUserpassMethod(transport: Transport, mount = 'userpass'): UserpassMethod {
  const base = `/auth/${pathOf(mount)}`;
  const user = (name: string) => `${base}/users/${segment(name)}`;
  return {
    mount,
    async writeUser(name, { password, ...fields }, options) {
      const body = { ...tokenFieldsBody(fields), ...(password ? { password: password.expose() } : {}) };
      await transport.call({ method: 'POST', path: user(name), body, repeatable: true }, options);
    },
    readUser: (name, options) =>
      orUndefined(
        transport
          .call({ method: 'GET', path: user(name) }, options)
          .then((answer) => readData<TokenFieldsBody>(answer, 'a user')),
      ),
    listUsers: (options) =>
      keysOf(transport.call({ method: 'GET', path: `${base}/users?list=true` }, options)),
    async deleteUser(name, options) {
      await transport.call({ method: 'DELETE', path: user(name) }, options);
    },
    async login({ name, password }, options) {
      const request = {
        method: 'POST',
        path: `${base}/login/${segment(name)}`,
        body: { password: password.expose() },
        anonymous: true,
        isLogin: true,
      } as const;
      return readLogin(await transport.call(request, options));
    },
  };
}
