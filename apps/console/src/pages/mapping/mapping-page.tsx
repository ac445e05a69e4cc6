import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import {
  mappingsQuery,
  type Organization,
  organizationsQuery,
  type Run,
  zitadelOrganizationsQuery,
} from '../../api/index.ts';
import { Card, PageHeader, Remote } from '../../parts/index.ts';
import { StepList } from '../shared/index.ts';
import { Confirm } from './confirm.tsx';
import { MappingRun } from './mapping-run.tsx';
import { Pick } from './pick.tsx';
import { Proof } from './proof.tsx';

const route = getRouteApi('/site/organizations/$id/map');
const steps = ['Pick', 'Look', 'Confirm', 'Run'] as const;

/** Joins a tenant to an organization of Zitadel: pick, look at what was found, confirm with a reason, watch the run. */
export function MappingPage() {
  const { id } = route.useParams();
  const organizations = useQuery(organizationsQuery());
  return (
    <Remote query={organizations} what="The organization">
      {(all) => {
        const organization = all.find((one) => one.id === id || one.slug === id);
        if (!organization)
          return <PageHeader title="Not found here">There is no organization of that name.</PageHeader>;
        return <Wizard organization={organization} />;
      }}
    </Remote>
  );
}

function Wizard({ organization }: { readonly organization: Organization }) {
  const { step = '1', zitadel } = route.useSearch();
  const navigate = useNavigate();
  const [run, setRun] = useState<Run>();
  const mappings = useQuery(mappingsQuery());
  const chosen = useQuery({ ...zitadelOrganizationsQuery(''), enabled: zitadel !== undefined });
  const target = chosen.data?.find((one) => one.id === zitadel);
  const at = run ? 4 : zitadel === undefined ? 1 : Math.min(Math.max(Number(step) || 1, 1), 3);
  const goTo = (next: number, pick = zitadel) =>
    void navigate({
      to: '/site/organizations/$id/map',
      params: { id: organization.id },
      search: { step: String(next), ...(pick === undefined ? {} : { zitadel: pick }) },
    });
  const current = mappings.data?.find((one) => one.organization.id === organization.id);
  return (
    <>
      <PageHeader title={`${organization.zitadelOrgId ? 'Remap' : 'Map'} ${organization.name}`}>
        {organization.zitadelOrgId
          ? `Belongs to ${organization.zitadelOrgId} at Zitadel now.`
          : 'Belongs to no organization at Zitadel yet: sign-in is closed.'}
        <Link to="/site/organizations">All organizations</Link>
      </PageHeader>
      <StepList steps={steps} at={at} />
      <Card>
        {at === 1 && <Pick organization={organization} onPick={(pick) => goTo(2, pick)} />}
        {at === 2 && zitadel !== undefined && (
          <Proof id={zitadel} target={target} onBack={() => goTo(1)} onNext={() => goTo(3)} />
        )}
        {at === 3 && zitadel !== undefined && (
          <Confirm
            organization={organization}
            mapping={current}
            id={zitadel}
            name={target?.name ?? zitadel}
            onBack={() => goTo(2)}
            onStarted={setRun}
          />
        )}
        {run && <MappingRun first={run} organization={organization} />}
      </Card>
    </>
  );
}
