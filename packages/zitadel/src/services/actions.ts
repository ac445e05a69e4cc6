import { Secret } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import type { Condition, Execution, ExecutionSearchFilter, Target } from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { type Change, isRealDate, requireFields, totalOfPage, type With } from './reading.ts';
import { createTargetKeys, type TargetKeys } from './target-keys.ts';
import {
  duration,
  type FoundTarget,
  type NewTarget,
  packTarget,
  readTarget,
  type TargetUpdate,
} from './targets.ts';

/** An execution as it is listed: what it answers to, and the targets it calls in that order. */
export type FoundExecution = With<Execution, 'condition'>;

/**
 * Zitadel's actions: targets are addresses it calls, executions say when. Of several executions that fit, only the most
 * specific one runs, so consumers of one event have to share an execution.
 *
 * @example
 * ```ts
 * import { createZitadel, serviceAccountFile } from '@drawbridge/zitadel';
 *
 * const zitadel = createZitadel({
 *   issuer: 'https://sso.acme.example',
 *   credentials: serviceAccountFile('/etc/drawbridge/key.json'),
 * });
 * const { id, signingKey } = await zitadel.actions.createTarget({
 *   name: 'drawbridge',
 *   endpoint: 'https://bridge.acme.example/events',
 *   kind: 'webhook',
 *   timeoutMs: 5_000,
 * });
 * await zitadel.actions.setExecution({ event: { event: 'user.removed' } }, [id]);
 * console.log(`${signingKey}`); // [redacted]
 * ```
 */
export interface Actions extends TargetKeys {
  /** @throws {DrawbridgeError} `zitadel_invalid_argument` for an endpoint that Zitadel's deny list names */
  createTarget(
    target: NewTarget,
    options?: CallOptions,
  ): Promise<{ readonly id: string; readonly signingKey: Secret<string> }>;
  /** Changes what is given and leaves the rest. @throws {DrawbridgeError} `zitadel_not_found` */
  updateTarget(id: string, target: TargetUpdate, options?: CallOptions): Promise<void>;
  /** Makes a new signing key; the former one stops signing at once. */
  rotateSigningKey(id: string, options?: CallOptions): Promise<Secret<string>>;
  /** Removes it from its executions as well; one that is not there counts as removed. */
  removeTarget(id: string, options?: CallOptions): Promise<Change>;
  /** @throws {DrawbridgeError} `zitadel_not_found` */
  getTarget(id: string, options?: CallOptions): Promise<FoundTarget>;
  listTargets(filter?: { readonly name?: string }, options?: ListOptions): Listing<FoundTarget>;
  /** Replaces the targets of a condition; none removes the execution. The same again is success. */
  setExecution(condition: Condition, targets: readonly string[], options?: CallOptions): Promise<void>;
  listExecutions(
    filter?: { readonly filters?: readonly ExecutionSearchFilter[] },
    options?: ListOptions,
  ): Listing<FoundExecution>;
}

const service = 'zitadel.action.v2.ActionService';

/** The actions of an instance, over its transport. */
export function createActions(transport: Transport): Actions {
  return {
    ...createTargetKeys(transport),
    async createTarget(target, options) {
      const { name, endpoint, timeoutMs } = target;
      const request = { ...packTarget(target), name, endpoint, timeout: duration(timeoutMs) };
      const answer = await transport.call(`${service}/CreateTarget`, request, options);
      const made = requireFields(answer, 'the new target', 'id', 'signingKey');
      return { id: made.id, signingKey: new Secret(made.signingKey) };
    },
    async updateTarget(id, target, options) {
      const request = { ...packTarget(target), id };
      await transport.call(`${service}/UpdateTarget`, request, { ...options, repeatable: true });
    },
    async rotateSigningKey(id, options) {
      const request = { id, expirationSigningKey: '0s' };
      const answer = await transport.call(`${service}/UpdateTarget`, request, options);
      return new Secret(requireFields(answer, 'the new signing key', 'signingKey').signingKey);
    },
    async removeTarget(id, options) {
      const call = { ...options, repeatable: true };
      const answer = await transport.call(`${service}/DeleteTarget`, { id }, call);
      return { changed: isRealDate(answer.deletionDate) };
    },
    async getTarget(id, options) {
      const answer = await transport.call(`${service}/GetTarget`, { id }, options);
      return found(answer.target);
    },
    listTargets({ name } = {}, { pageSize, ...call } = {}) {
      const method = 'TEXT_FILTER_METHOD_EQUALS';
      return createListing({
        key: (target) => target.id,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListTargets`,
            {
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'TARGET_FIELD_NAME_CREATED_DATE',
              ...(name === undefined
                ? {}
                : { filters: [{ targetNameFilter: { targetName: name, method } }] }),
            },
            call,
          );
          return { items: (answer.targets ?? []).map(found), total: totalOfPage(answer.pagination) };
        },
      });
    },
    async setExecution(condition, targets, options) {
      const request = { condition, targets };
      await transport.call(`${service}/SetExecution`, request, { ...options, repeatable: true });
    },
    listExecutions({ filters = [] } = {}, { pageSize, ...call } = {}) {
      return createListing({
        key: ({ condition }) => JSON.stringify(condition),
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListExecutions`,
            {
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'EXECUTION_FIELD_NAME_ID',
              ...(filters.length > 0 ? { filters } : {}),
            },
            call,
          );
          return {
            items: (answer.executions ?? []).map((one) => requireFields(one, 'an execution', 'condition')),
            total: totalOfPage(answer.pagination),
          };
        },
      });
    },
  };
}

function found(target: Target | undefined): FoundTarget {
  return readTarget(requireFields(target, 'a target', 'id', 'endpoint'));
}
