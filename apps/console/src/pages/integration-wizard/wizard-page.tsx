import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Integration, integrationsQuery } from '../../api/index.ts';
import { Button, Card, Empty, PageHeader, Remote, Row } from '../../parts/index.ts';
import { StepList } from '../shared/index.ts';
import { AddressStep } from './address-step.tsx';
import { type Draft, draftOf, issuerComplaint, keepDraft, loadDraft } from './draft.ts';
import { SecretStep } from './secret-step.tsx';
import { TestStep } from './test-step.tsx';
import { TypeStep } from './type-step.tsx';

const route = getRouteApi('/site/integrations/new');
const steps = ['Type', 'Issuer and address', 'Key', 'Test and save'] as const;

/** Joins one more Zitadel or NetBird, or changes one, and proves the connection before it is saved. */
export function IntegrationWizardPage() {
  const { id } = route.useSearch();
  const integrations = useQuery({ ...integrationsQuery(), enabled: id !== undefined });
  if (id === undefined) return <Wizard known={undefined} />;
  return (
    <Remote query={integrations} what="The integration">
      {(items) => {
        const known = items.find((one) => one.id === id);
        return known ? <Wizard known={known} /> : <Empty>There is no such integration any more.</Empty>;
      }}
    </Remote>
  );
}

function Wizard({ known }: { readonly known: Integration | undefined }) {
  const { step = '1' } = route.useSearch();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>(() => (known ? draftOf(known) : loadDraft()));
  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    if (!known) keepDraft(next);
  };
  // A key that was lost with the page must be given again before anything is tested.
  const reachable = draft.secret === '' && !known ? 3 : 4;
  const at = Math.min(Math.max(Number(step) || 1, 1), reachable);
  const goTo = (next: number) =>
    void navigate({
      to: '/site/integrations/new',
      search: { step: String(next), ...(known ? { id: known.id } : {}) },
    });
  return (
    <>
      <PageHeader title={known ? `Change ${known.name}` : 'Add integration'}>
        {known
          ? 'Secrets stay as they are unless you give new ones.'
          : 'Leaving keeps what you typed, without the key.'}
        <Link to="/site/integrations">All integrations</Link>
      </PageHeader>
      <StepList steps={steps} at={at} />
      <Card>
        {at === 1 && <TypeStep draft={draft} onChange={change} />}
        {at === 2 && <AddressStep draft={draft} onChange={change} />}
        {at === 3 && <SecretStep draft={draft} kept={known !== undefined} onChange={change} />}
        {at === 4 && <TestStep draft={draft} id={known?.id} />}
        <Row>
          {at > 1 && (
            <Button style={{ marginTop: 16 }} variant="default" onClick={() => goTo(at - 1)}>
              Back
            </Button>
          )}
          {at < 4 && (
            <Button
              style={{ marginTop: 16 }}
              disabled={!isReady(draft, at, known !== undefined)}
              onClick={() => goTo(at + 1)}
            >
              {at === 3 ? 'Test connection' : 'Next'}
            </Button>
          )}
        </Row>
      </Card>
    </>
  );
}

function isReady(draft: Draft, at: number, kept: boolean): boolean {
  if (at === 1) return draft.name.trim() !== '';
  if (at === 2) return draft.issuer.trim() !== '' && issuerComplaint(draft.issuer) === undefined;
  return kept || draft.secret.trim() !== '';
}
