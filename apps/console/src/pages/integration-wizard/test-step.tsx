import { Checkbox, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Check, request, type TestReport } from '../../api/index.ts';
import { Button, confirmToast, ProblemPanel, Remote, Row, StateBadge } from '../../parts/index.ts';
import { bodyOf, type Draft, forgetDraft, trialOf } from './draft.ts';
import css from './wizard.module.css';

const testMs = 60_000;
const marks: Record<Check['mark'], string> = {
  ok: 'done',
  warn: 'attention',
  fail: 'failed',
  skip: 'skipped',
};

/** The doctor's checks on the connection as typed; saving is closed while one of them fails. */
export function TestStep({ draft, id }: { readonly draft: Draft; readonly id: string | undefined }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [anyway, setAnyway] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [reason, setReason] = useState('');
  const query = useQuery({
    // The key stays out of the cache's keys; another test is another page.
    queryKey: ['integration-test', id, draft.type, draft.issuer, draft.address],
    queryFn: async ({ signal }) =>
      await request<TestReport>('/api/integrations/test', {
        method: 'POST',
        body: { ...trialOf(draft), ...(id === undefined ? {} : { id }) },
        signal,
        timeoutMs: testMs,
      }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const save = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const body = { ...bodyOf(draft), reason };
      if (id === undefined) {
        await request('/api/integrations', { method: 'POST', body, idempotencyKey: crypto.randomUUID() });
      } else await request(`/api/integrations/${encodeURIComponent(id)}`, { method: 'PUT', body });
      forgetDraft();
      await client.invalidateQueries({ queryKey: ['integrations'] });
      confirmToast('Integration saved');
      await navigate({ to: '/site/integrations' });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Remote query={query} what="The test" from={draft.issuer} rows={6}>
      {({ checks, roles }) => {
        const failed = checks.some(({ mark }) => mark === 'fail');
        const warned = checks.some(({ mark }) => mark === 'warn');
        return (
          <div className="stack">
            <ul className={css.checks}>
              {checks.map((check) => (
                <li key={check.name}>
                  <StateBadge state={marks[check.mark]} />
                  <div>
                    <strong>{check.name}</strong>
                    {check.saw && <p>{check.saw}</p>}
                    {check.means && <p className="muted">{check.means}</p>}
                    {check.fix && <p>Do: {check.fix}</p>}
                  </div>
                </li>
              ))}
            </ul>
            {roles && (
              <p style={{ margin: 0 }}>
                Roles: has {roles.has.join(', ') || 'none'}; needs {roles.needs.join(', ') || 'none'}
                {roles.missing.length > 0 && `; missing ${roles.missing.join(', ')}`}.
              </p>
            )}
            {!failed && warned && (
              <Checkbox
                label="Save anyway, with the warnings above"
                checked={anyway}
                onChange={({ currentTarget }) => setAnyway(currentTarget.checked)}
              />
            )}
            <TextInput
              label="Reason"
              description="Stands in the audit log."
              required
              maxLength={500}
              maw={480}
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
            {failure !== undefined && <ProblemPanel error={failure} what="The integration was not saved" />}
            <Row>
              <Button
                disabled={failed || (warned && !anyway) || reason.trim() === ''}
                loading={busy}
                onClick={() => void save()}
              >
                Save integration
              </Button>
              <Button variant="default" onClick={() => void query.refetch()}>
                Test again
              </Button>
              {failed && <span className="muted">What failed must be put right first.</span>}
            </Row>
          </div>
        );
      }}
    </Remote>
  );
}
