import { Button, Checkbox } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Check, request, type TestReport } from '../../api/index.ts';
import { confirmToast, ProblemPanel, Remote, Row, StateBadge } from '../../parts/index.ts';
import { forgetDraft } from './draft.ts';
import css from './wizard.module.css';

const testMs = 60_000;
const marks: Record<Check['mark'], string> = {
  ok: 'done',
  warn: 'attention',
  fail: 'failed',
  skip: 'skipped',
};

/** The doctor's checks on the connection as typed; saving is closed while one of them fails. */
export function TestStep({ body }: { readonly body: Readonly<Record<string, string>> }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [anyway, setAnyway] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const query = useQuery({
    // The key stays out of the cache's keys; another test is another page.
    queryKey: ['integration-test', body.type, body.issuer, body.address],
    queryFn: async ({ signal }) =>
      await request<TestReport>('/api/integrations/test', {
        method: 'POST',
        body,
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
      await request('/api/integrations', { method: 'POST', body, idempotencyKey: crypto.randomUUID() });
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
    <Remote query={query} what="The test" from={body.issuer ?? ''} rows={6}>
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
                {roles.missing.length > 0 && `; missing ${roles.missing.join(', ')}`}
                {roles.superfluous.length > 0 && `; not needed ${roles.superfluous.join(', ')}`}.
              </p>
            )}
            {!failed && warned && (
              <Checkbox
                label="Save anyway, with the warnings above"
                checked={anyway}
                onChange={({ currentTarget }) => setAnyway(currentTarget.checked)}
              />
            )}
            {failure !== undefined && <ProblemPanel error={failure} what="The integration was not saved" />}
            <Row>
              <Button disabled={failed || (warned && !anyway)} loading={busy} onClick={() => void save()}>
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
