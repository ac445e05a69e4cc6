import type { CallOptions, Transport } from '../transport/index.ts';
import type { PolicyBody } from '../wire/index.ts';
import { keysOf, orUndefined, pathOf, readData, segment } from './reading.ts';

/** Policies. Every method throws what the transport throws; the codes named are those to expect. */
export interface Policies {
  list(options?: CallOptions): Promise<readonly string[]>;
  /** Its text, in HCL or JSON; undefined for one that is not there. */
  read(name: string, options?: CallOptions): Promise<string | undefined>;
  /** Makes or replaces it. @throws {DrawbridgeError} `openbao_invalid_argument` for a text that OpenBao does not understand */
  write(name: string, policy: string, options?: CallOptions): Promise<void>;
  /** One that is not there is fine. */
  remove(name: string, options?: CallOptions): Promise<void>;
}

/** The policies of an OpenBao, over its transport. */
export function createPolicies(transport: Transport): Policies {
  const at = (name: string) => `/sys/policies/acl/${segment(name)}`;
  return {
    list: (options) =>
      keysOf(transport.call({ method: 'GET', path: '/sys/policies/acl?list=true' }, options)),
    async read(name, options) {
      const answer = await orUndefined(transport.call({ method: 'GET', path: at(name) }, options));
      return answer === undefined
        ? undefined
        : readData<PolicyBody>(answer, 'a policy', { policy: 'string' }).policy;
    },
    async write(name, policy, options) {
      await transport.call({ method: 'PUT', path: at(name), body: { policy }, repeatable: true }, options);
    },
    async remove(name, options) {
      await transport.call({ method: 'DELETE', path: at(name) }, options);
    },
  };
}

/** Namespaces: each has its own methods, engines and policies. */
export interface Namespaces {
  /** Names of those right below, with a slash at their end. */
  list(options?: CallOptions): Promise<readonly string[]>;
  /** Makes it; one that is there is fine. */
  create(path: string, options?: CallOptions): Promise<void>;
  /** Takes it away with all that is in it. */
  remove(path: string, options?: CallOptions): Promise<void>;
}

/** The namespaces of an OpenBao, over its transport. */
export function createNamespaces(transport: Transport): Namespaces {
  const at = (path: string) => `/sys/namespaces/${pathOf(path)}`;
  return {
    list: (options) => keysOf(transport.call({ method: 'GET', path: '/sys/namespaces?list=true' }, options)),
    async create(path, options) {
      await transport.call({ method: 'POST', path: at(path), body: {}, repeatable: true }, options);
    },
    async remove(path, options) {
      await transport.call({ method: 'DELETE', path: at(path) }, options);
    },
  };
}
