import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionBody } from '@drawbridge/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ClaimsPolicy, claimsFor, readClaimsPolicy } from '../../src/index.ts';

const grants = [
  {
    id: 'g1',
    roles: ['admin', 'reader'],
    project_id: '10',
    resource_owner: '3',
    org_primary_domain: 'acme.example',
  },
  { id: 'g2', roles: ['admin'], project_id: '11', resource_owner: '4', org_primary_domain: 'other.example' },
];
const human: FunctionBody = {
  function: 'function/preaccesstoken',
  user: {
    id: '7',
    username: 'ada',
    resource_owner: '3',
    human: { first_name: 'Ada', email: 'ada@acme.example', is_email_verified: true },
  },
  user_metadata: [{ key: 'team', value: Buffer.from('bridge').toString('base64') }],
  org: { id: '3', name: 'Acme', primary_domain: 'acme.example' },
  user_grants: grants,
  application: { client_id: 'client-1' },
};
const machine: FunctionBody = {
  function: 'function/preuserinfo',
  user: { id: '8', username: 'robot@shop.example', machine: { name: 'robot' } },
};

const claims = (body: FunctionBody, policy: ClaimsPolicy = {}) =>
  Object.fromEntries(
    (claimsFor(body, readClaimsPolicy(policy)).append_claims ?? []).map(({ key, value }) => [key, value]),
  );
const problems = (policy: unknown): string[] => {
  try {
    readClaimsPolicy(policy);
    return [];
  } catch (error) {
    return (error as { problems: readonly { field: string }[] }).problems.map(({ field }) => field);
  }
};

describe('claims of a policy', () => {
  it("are the mail address, and a machine's user name, where there is no policy", () => {
    expect(claims(human)).toEqual({ email: 'ada@acme.example', email_verified: true });
    expect(claims(machine)).toEqual({ email: 'robot@shop.example' });
  });

  it('F5 say beside a mail address whether it is proved, and leave it out where only a proved one is wanted', () => {
    const body = { ...human, user: { ...human.user, human: { email: 'ada@acme.example' } } };
    expect(claims(body)).toEqual({ email: 'ada@acme.example', email_verified: false });
    expect(claims(body, { email: 'verified' })).toEqual({});
    expect(claims(human, { email: 'never' })).toEqual({});
    expect(claims(machine, { email: 'never' })).toEqual({});
  });

  it('flatten roles to a list, of chosen organizations and projects', () => {
    const groups = (roles: unknown) =>
      claims(human, { email: 'never', claims: [{ claim: 'groups', roles }] } as ClaimsPolicy).groups;
    expect(groups({ organizations: ['3'] })).toEqual(['admin', 'reader']);
    expect(groups({ organizations: 'any', projects: ['11'] })).toEqual(['admin']);
    expect(groups({ form: '{organization}:{role}' })).toEqual(['3:admin', '3:reader', '4:admin']);
    expect(groups({ organizations: ['3'], rename: { admin: 'openbao-admins' } })).toEqual([
      'openbao-admins',
      'reader',
    ]);
    expect(
      groups({ organizations: ['3'], rename: { admin: 'boss' }, take: 'renamed', always: ['all'] }),
    ).toEqual(['all', 'boss']);
    expect(groups({ organizations: ['9'] })).toEqual([]);
  });

  it('are constants, renamed fields and metadata, for whom they are meant', () => {
    const policy: ClaimsPolicy = {
      email: 'never',
      claims: [
        { claim: 'env', value: 'production' },
        { claim: 'tenant', from: 'organization.id' },
        { claim: 'team', from: 'metadata.team' },
        { claim: 'given', from: 'human.first_name' },
        { claim: 'absent', from: 'metadata.none' },
        { claim: 'only_machines', value: true, when: { users: 'machine' } },
        { claim: 'only_userinfo', value: true, when: { functions: ['preuserinfo'] } },
        { claim: 'client', value: true, when: { clients: ['client-1'], organizations: ['3'] } },
      ],
    };
    expect(claims(human, policy)).toEqual({
      env: 'production',
      tenant: '3',
      team: 'bridge',
      given: 'Ada',
      client: true,
    });
    expect(claims(machine, policy)).toEqual({ env: 'production', only_machines: true, only_userinfo: true });
  });

  it('F8 leave no user metadata behind, and no complaint in the token about claims that are there', () => {
    const body = { ...human, userinfo: { email: 'ada@acme.example', sub: '7' } };
    const reply = claimsFor(body, {});
    expect(Object.keys(reply)).toEqual(['append_claims']);
    expect(reply.append_claims).toEqual([{ key: 'email_verified', value: true }]);
  });

  it('never write what Kubernetes keeps for itself, nor an entry with a hole in it', () => {
    const body = {
      ...human,
      user_grants: [
        { id: 'g', roles: ['system:masters', 'ok'], resource_owner: '3' },
        { id: 'h', roles: ['x'] },
      ],
    };
    const roles = { form: '{organization}:{role}' };
    expect(
      claims(body, { email: 'never', claims: [{ claim: 'groups', roles: { organizations: 'any' } }] }),
    ).toEqual({ groups: ['ok', 'x'] });
    expect(claims(body, { email: 'never', claims: [{ claim: 'groups', roles }] })).toEqual({
      groups: ['3:ok', '3:system:masters'],
    });
  });

  it('give no two organizations and roles the same entry', () => {
    const text = fc.string({
      minLength: 1,
      maxLength: 6,
      unit: fc.constantFrom('a', ':', '%', '/', '3', 'A'),
    });
    fc.assert(
      fc.property(text, text, text, text, (org, role, otherOrg, otherRole) => {
        const entry = (organization: string, key: string) =>
          claims(
            { ...human, user_grants: [{ id: 'g', roles: [key], resource_owner: organization }] },
            { email: 'never', claims: [{ claim: 'groups', roles: { form: '{organization}:{role}' } }] },
          ).groups as string[];
        if (org === otherOrg && role === otherRole) return;
        expect(entry(org, role)).not.toEqual(entry(otherOrg, otherRole));
      }),
    );
  });
});

describe('a claims policy', () => {
  it('is refused with every mistake that is in it', () => {
    expect(
      problems({
        email: 'sometimes',
        claim: [],
        claims: [
          { claim: 'sub', value: '1' },
          { claim: 'urn:zitadel:iam:org:id', value: '1' },
          { claim: 'a', value: 1, from: 'user.id' },
          { claim: 'b', from: 'user.password' },
          { claim: 'c', roles: { form: '{rule}', organisation: ['3'] } },
          { claim: 'd', value: 1, when: { function: ['preuserinfo'], functions: ['other'] } },
          'e',
        ],
      }),
    ).toEqual([
      'claim',
      'email',
      'claims.0.claim',
      'claims.1.claim',
      'claims.2',
      'claims.3.from',
      'claims.4.roles.organisation',
      'claims.4.roles.form',
      'claims.4.roles.form',
      'claims.4.roles.organizations',
      'claims.5.when.function',
      'claims.5.when.functions',
      'claims.6',
    ]);
  });

  it("has to say whose roles count, since an organization's own administrators give them", () => {
    expect(problems({ claims: [{ claim: 'groups', roles: {} }] })).toEqual(['claims.0.roles.organizations']);
    expect(problems({ claims: [{ claim: 'groups', roles: { organizations: 'any' } }] })).toEqual([]);
  });

  it('is right as the guide has it', async () => {
    const guide = await readFile(
      join(import.meta.dirname, '../../../../docs/kubernetes/actions-server.md'),
      'utf8',
    );
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
    expect(readClaimsPolicy(parse(example)).claims).toHaveLength(4);
  });

  it('is an object, whatever else a file holds', () => {
    for (const value of [null, [], 'text', 7]) expect(problems(value)).toEqual(['policy']);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        problems(value);
      }),
    );
  });
});
