import { alreadyExists, failedPrecondition, notFound, permissionDenied, RpcError } from '../errors.ts';
import { invalid, type Message, timestamp, uint64 } from '../wire/index.ts';
import type { Answer, Call, Handler } from './call.ts';
import { compare, newPaging, pageOf, textMatcher } from './lists.ts';

/** Version that the emulator says it is; the contract it follows is that of 4.13. */
const emulatedVersion = 'v4.13.1';

const columns = ['UNSPECIFIED', 'DOMAIN', 'PRIMARY', 'GENERATED', 'CREATION_DATE'].map(
  (name) => `DOMAIN_FIELD_NAME_${name}`,
);
const trustedColumns = ['UNSPECIFIED', 'DOMAIN', 'CREATION_DATE'].map(
  (name) => `TRUSTED_DOMAIN_FIELD_NAME_${name}`,
);

/** GetInstance; an empty id is the current one (internal/api/grpc/instance/v2/query.go). */
export const getInstance: Handler = (call, input) => {
  requireOwn(call, input);
  call.require('iam.read', '');
  const { instance, customDomains } = call.fresh;
  return {
    instance: {
      id: instance.id,
      changeDate: timestamp(instance.changedAt),
      creationDate: timestamp(instance.createdAt),
      name: instance.name,
      version: emulatedVersion,
      customDomains: [...customDomains].map(([domain, row]) => customDomain(call, domain, row)),
    },
  };
};

export const updateInstance: Handler = (call, input) => {
  requireOwn(call, input);
  const name = input.string('instanceName', { min: 1, max: 200 });
  call.require('iam.write', '');
  if (call.fresh.instance.name === name) return { changeDate: timestamp(call.fresh.instance.changedAt) };
  const event = call.push({ ...aggregate(call), type: 'instance.changed', payload: { name } });
  return { changeDate: timestamp(event.createdAt) };
};

export const listCustomDomains: Handler = (call, input) => {
  requireOwn(call, input);
  call.require('iam.read', '');
  const paging = newPaging(input);
  const column = input.enum('sortingColumn', columns);
  const filters = input.messages('filters').map((filter) => {
    const byDomain = filter.message('domainFilter');
    if (byDomain) {
      const matches = textMatcher(byDomain, 'domain');
      return (domain: string) => matches(domain);
    }
    const generated = filter.optionalBool('generatedFilter');
    const primary = filter.optionalBool('primaryFilter');
    return (_domain: string, row: { primary: boolean; generated: boolean }) =>
      (generated === undefined || row.generated === generated) &&
      (primary === undefined || row.primary === primary);
  });
  const rows = [...call.lagging.customDomains]
    .filter(([domain, row]) => filters.every((matches) => matches(domain, row)))
    .sort(([a, one], [b, two]) => (column === 1 ? compare(a, b) : one.createdAt - two.createdAt));
  const page = pageOf(rows, paging);
  return {
    domains: page.rows.map(([domain, row]) => customDomain(call, domain, row)),
    // Domain lists do not say what limit they applied (internal/api/grpc/instance/v2/query.go).
    pagination: { totalResult: uint64(page.total) },
  };
};

/** Custom domains belong to the system's user, who has no token here (`system.domain.write`). */
export const changeCustomDomain: Handler = (call, input) => {
  requireOwn(call, input);
  throw permissionDenied('AUTH-5mWD2', 'No matching permissions found');
};

/** ListTrustedDomains; its repeated field really is named in the singular (proto/zitadel/instance/v2). */
export const listTrustedDomains: Handler = (call, input) => {
  requireOwn(call, input);
  call.require('iam.read', '');
  const paging = newPaging(input);
  const column = input.enum('sortingColumn', trustedColumns);
  const filters = input
    .messages('filters')
    .map((filter) => textMatcher(filter.requiredMessage('domainFilter'), 'domain'));
  const rows = [...call.lagging.trustedDomains]
    .filter(([domain]) => filters.every((matches) => matches(domain)))
    .sort(([a, one], [b, two]) => (column === 1 ? compare(a, b) : one.createdAt - two.createdAt));
  const page = pageOf(rows, paging);
  return {
    trustedDomain: page.rows.map(([domain, row]) => ({
      instanceId: call.fresh.instance.id,
      creationDate: timestamp(row.createdAt),
      domain,
    })),
    // Domain lists do not say what limit they applied (internal/api/grpc/instance/v2/query.go).
    pagination: { totalResult: uint64(page.total) },
  };
};

/** AddTrustedDomain: a repeat is FailedPrecondition, where a custom domain's would be AlreadyExists. */
export const addTrustedDomain: Handler = (call, input) => {
  requireOwn(call, input);
  const domain = domainOf(input, 'trustedDomain');
  call.require('iam.write', '');
  if (call.fresh.trustedDomains.has(domain)) {
    throw failedPrecondition('COMMA-hg42a', 'Errors.Instance.Domain.AlreadyExists');
  }
  if (call.fresh.customDomains.has(domain)) {
    throw alreadyExists('INST-i2nl', 'Errors.Instance.Domain.AlreadyExists');
  }
  const event = call.push({ ...aggregate(call), type: 'instance.trusted_domain.added', payload: { domain } });
  return { creationDate: timestamp(event.createdAt) };
};

export const removeTrustedDomain: Handler = (call, input) => {
  requireOwn(call, input);
  const domain = domainOf(input, 'trustedDomain');
  call.require('iam.write', '');
  if (!call.fresh.trustedDomains.has(domain)) {
    throw notFound('COMMA-de3z9', 'Errors.Instance.Domain.NotFound');
  }
  const event = call.push({
    ...aggregate(call),
    type: 'instance.trusted_domain.removed',
    payload: { domain },
  });
  return { deletionDate: timestamp(event.createdAt) };
};

function domainOf(input: Message, field: string): string {
  const domain = input.string(field, { min: 1, max: 253 });
  if (!/^[a-zA-Z0-9.-]+$/.test(domain)) throw invalid(field, 'value does not match the pattern');
  return domain;
}

function requireOwn(call: Call, input: Message): void {
  const id = input.string('instanceId');
  if (id !== '' && id !== call.fresh.instance.id) {
    // The instance is chosen before the call is looked at, hence no detail (instance_interceptor.go).
    throw new RpcError('not_found', `unable to set instance using id ${id}: Errors.IAM.NotFound`);
  }
}

function aggregate(call: Call) {
  const { id } = call.fresh.instance;
  return { aggregateType: 'instance', aggregateId: id, resourceOwner: id } as const;
}

function customDomain(
  call: Call,
  domain: string,
  row: { createdAt: number; primary: boolean; generated: boolean },
): Answer {
  return {
    instanceId: call.fresh.instance.id,
    creationDate: timestamp(row.createdAt),
    domain,
    primary: row.primary,
    generated: row.generated,
  };
}
