import { Button } from '@mantine/core';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Card, PageHeader, Row } from '../../parts/index.ts';
import { StepList } from '../shared/index.ts';
import { AddressStep } from './address-step.tsx';
import { bodyOf, type Draft, issuerComplaint, keepDraft, loadDraft } from './draft.ts';
import { SecretStep } from './secret-step.tsx';
import { TestStep } from './test-step.tsx';
import { TypeStep } from './type-step.tsx';

const route = getRouteApi('/site/integrations/new');
const steps = ['Type', 'Issuer and address', 'Key', 'Test and save'] as const;

/** Joins one more Zitadel or NetBird, and proves the connection before it is saved. */
export function IntegrationWizardPage() {
  const { step = '1', type } = route.useSearch();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>(() => {
    const kept = loadDraft();
    return type === 'zitadel' || type === 'netbird' ? { ...kept, type } : kept;
  });
  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keepDraft(next);
  };
  // A key that was lost with the page must be given again before anything is tested.
  const reachable = draft.secret === '' ? 3 : 4;
  const at = Math.min(Math.max(Number(step) || 1, 1), reachable);
  const goTo = (next: number) =>
    void navigate({ to: '/site/integrations/new', search: { step: String(next), type: draft.type } });
  const ready = isReady(draft, at);
  return (
    <>
      <PageHeader title="Add integration">
        Leaving keeps what you typed, without the key. <Link to="/site/integrations">All integrations</Link>
      </PageHeader>
      <StepList steps={steps} at={at} />
      <Card>
        {at === 1 && <TypeStep draft={draft} onChange={change} />}
        {at === 2 && <AddressStep draft={draft} onChange={change} />}
        {at === 3 && <SecretStep draft={draft} onChange={change} />}
        {at === 4 && <TestStep body={bodyOf(draft)} />}
        <Row>
          {at > 1 && (
            <Button mt="md" variant="default" onClick={() => goTo(at - 1)}>
              Back
            </Button>
          )}
          {at < 4 && (
            <Button mt="md" disabled={!ready} onClick={() => goTo(at + 1)}>
              {at === 3 ? 'Test connection' : 'Next'}
            </Button>
          )}
        </Row>
      </Card>
    </>
  );
}

function isReady(draft: Draft, at: number): boolean {
  if (at === 1) return draft.name.trim() !== '';
  if (at === 2) return draft.issuer.trim() !== '' && issuerComplaint(draft.issuer) === undefined;
  return draft.secret.trim() !== '';
}
