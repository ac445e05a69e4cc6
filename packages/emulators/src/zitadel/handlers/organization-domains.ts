import { hashSecret, newSecret } from '../crypto.ts';
import { alreadyExists, failedPrecondition, notFound } from '../errors.ts';
import { invalid, type Message, timestamp, uint64 } from '../wire/index.ts';
import type { Handler } from './call.ts';
import { compare, newPaging, pageOf, textMatcher } from './lists.ts';
import { existing, organizationDraft } from './organizations.ts';

const validationTypes = ['UNSPECIFIED', 'HTTP', 'DNS'].map((name) => `DOMAIN_VALIDATION_TYPE_${name}`);
const columns = ['UNSPECIFIED', 'NAME', 'CREATION_DATE'].map((name) => `DOMAIN_FIELD_NAME_${name}`);

/** AddOrganizationDomain: verified at once, as the default policy does not validate (internal/command/org_domain.go). */
export const addOrganizationDomain: Handler = (call, input) => {
  const domain = domainOf(input);
  const row = existing(call, input.id('organizationId'), 'ORG-1MRds');
  call.require('org.write', row.id);
  if (row.domains.has(domain)) throw alreadyExists('V2-e1wse', 'Errors.Org.Domain.AlreadyExists');
  const owner = call.fresh.organizationDomains.get(domain);
  if (owner !== undefined) throw alreadyExists('V3-DKcYh', 'Errors.Org.Domain.AlreadyExists');
  const event = call.push(
    { ...organizationDraft(row.id, 'org.domain.added'), payload: { domain } },
    { ...organizationDraft(row.id, 'org.domain.verified'), payload: { domain } },
  );
  return { creationDate: timestamp(event.createdAt) };
};

export const deleteOrganizationDomain: Handler = (call, input) => {
  const domain = domainOf(input);
  const row = existing(call, input.id('organizationId'), 'ORG-1MRds');
  call.require('org.write', row.id);
  const known = row.domains.get(domain);
  if (!known) throw notFound('ORG-GDfA3', 'Errors.Org.DomainNotOnOrg');
  if (known.primary) throw failedPrecondition('ORG-Sjdi3', 'Errors.Org.PrimaryDomainNotDeletable');
  const event = call.push({ ...organizationDraft(row.id, 'org.domain.removed'), payload: { domain } });
  return { deletionDate: timestamp(event.createdAt) };
};

export const listOrganizationDomains: Handler = (call, input) => {
  const id = input.id('organizationId');
  call.require('org.read', id);
  const paging = newPaging(input);
  const column = input.enum('sortingColumn', columns);
  const filters = input
    .messages('filters')
    .map((filter) => textMatcher(filter.requiredMessage('domainFilter'), 'domain'));
  const rows = [...(call.lagging.organizations.get(id)?.domains.values() ?? [])]
    .filter((row) => filters.every((matches) => matches(row.domain)))
    .sort((a, b) => (column === 2 ? a.createdAt - b.createdAt : 0) || compare(a.domain, b.domain));
  const page = pageOf(rows, paging);
  return {
    // No applied limit, as with the instance's domains (internal/api/grpc/org/v2/query.go).
    pagination: { totalResult: uint64(page.total) },
    domains: page.rows.map((row) => ({
      organizationId: id,
      domain: row.domain,
      isVerified: row.verified,
      isPrimary: row.primary,
      validationType: row.validationType === 0 ? undefined : validationTypes[row.validationType],
    })),
  };
};

/** GenerateOrganizationDomainValidation: refused for what is verified, which here is every domain. */
export const generateDomainValidation: Handler = (call, input) => {
  const domain = domainOf(input);
  const type = input.enum('type', validationTypes);
  const row = existing(call, input.id('organizationId'), 'ORG-1MRds');
  call.require('org.write', row.id);
  const known = row.domains.get(domain);
  if (!known) throw notFound('ORG-AGD31', 'Errors.Org.DomainNotOnOrg');
  if (known.verified) throw failedPrecondition('ORG-HGw21', 'Errors.Org.DomainAlreadyVerified');
  const token = newSecret();
  call.push({
    ...organizationDraft(row.id, 'org.domain.verification.added'),
    payload: { domain, validationType: type, code: hashSecret(token) },
  });
  const url =
    type === 2
      ? `_zitadel-challenge.${domain}`
      : `https://${domain}/.well-known/zitadel-challenge/${token}.txt`;
  return { token, url };
};

export const verifyOrganizationDomain: Handler = (call, input) => {
  const domain = domainOf(input);
  const row = existing(call, input.id('organizationId'), 'ORG-1MRds');
  call.require('org.write', row.id);
  const known = row.domains.get(domain);
  if (!known) throw notFound('ORG-AGD31', 'Errors.Org.DomainNotOnOrg');
  if (known.verified) throw failedPrecondition('ORG-HGw21', 'Errors.Org.DomainAlreadyVerified');
  const event = call.push({ ...organizationDraft(row.id, 'org.domain.verified'), payload: { domain } });
  return { changeDate: timestamp(event.createdAt) };
};

function domainOf(input: Message): string {
  const domain = input.string('domain', { min: 1, max: 200 }).toLowerCase();
  if (!/^[a-z0-9.-]+$/.test(domain)) throw invalid('domain', 'value does not match the pattern');
  return domain;
}
