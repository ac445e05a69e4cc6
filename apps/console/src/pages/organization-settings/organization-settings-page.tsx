import { useQuery } from '@tanstack/react-query';
import { useOrganization } from '../../access/index.ts';
import { organizationQuery } from '../../api/index.ts';
import { Card, Copyable, Facts, PageHeader, Remote, StateBadge } from '../../parts/index.ts';
import { SignInRules } from './sign-in-rules.tsx';

/** How do people of this organization come in, and what does it belong to? */
export function OrganizationSettingsPage() {
  const { id, name } = useOrganization();
  const query = useQuery(organizationQuery(id));
  return (
    <>
      <PageHeader title="Settings">
        What applies to {name}. Rules for all organizations are set by site administrators.
      </PageHeader>
      <Remote query={query} what="The organization">
        {(organization) => (
          <>
            <Card title="At Zitadel">
              <Facts
                items={[
                  [
                    'State',
                    <StateBadge
                      key="state"
                      state={organization.zitadelOrgId ? 'mapped' : 'unmapped'}
                      explained
                    />,
                  ],
                  [
                    'Organization',
                    organization.zitadelOrgId ? (
                      <Copyable key="id" value={organization.zitadelOrgId} label="organization id" max={40} />
                    ) : (
                      'not mapped: a site administrator can map it'
                    ),
                  ],
                  ['Project grant', organization.projectGrant ? '✓ known' : '✗ not known'],
                  ['Short name', <Copyable key="slug" value={organization.slug} label="short name" />],
                ]}
              />
            </Card>
            <Card title="Rules">
              <SignInRules organization={organization} />
            </Card>
          </>
        )}
      </Remote>
    </>
  );
}
