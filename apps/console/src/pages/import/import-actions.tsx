import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Import, request, withQuery } from '../../api/index.ts';
import { Button, ButtonLink, ConfirmDialog, plural } from '../../parts/index.ts';

/** Start after the dry run, stop while it runs, and the files with the results. */
export function ImportActions({ found }: { readonly found: Import }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<'start' | 'stop'>();
  const { plan, mails, outcome, state, id } = found;
  const path = `/api/imports/${encodeURIComponent(id)}`;
  const work = plan.create + plan.change;
  const failed = plan.refuse + outcome.failed + outcome.attention;
  const call = async (change: 'start' | 'stop', body: object) => {
    client.setQueryData(['import', id], await request<Import>(`${path}/${change}`, { method: 'POST', body }));
    await client.invalidateQueries({ queryKey: ['imports'] });
  };
  return (
    <>
      {state === 'checked' && (
        <Button disabled={work === 0} onClick={() => setAsked('start')}>
          Import {plural(work, 'row')}
        </Button>
      )}
      {state === 'running' && (
        <Button variant="default" onClick={() => setAsked('stop')}>
          Stop import
        </Button>
      )}
      {state !== 'reading' && (
        <ButtonLink variant="default" outside href={`${path}/results.csv`} download="">
          Results
        </ButtonLink>
      )}
      {failed > 0 && state !== 'reading' && (
        <ButtonLink
          variant="default"
          outside
          href={withQuery(`${path}/results.csv`, { only: 'failed' })}
          download=""
        >
          Fix {plural(failed, 'row')}
        </ButtonLink>
      )}
      {asked === 'start' && (
        <ConfirmDialog
          title={`Import ${plural(work, 'row')} of ${found.fileName}?`}
          confirm={`Import ${plural(work, 'row')}`}
          keep="Import nothing"
          onConfirm={() => call('start', { skipRefused: plan.refuse > 0 })}
          onClose={() => setAsked(undefined)}
        >
          {plural(plan.create, 'user')} are created, {plan.change} changed, and {plural(mails, 'mail')} sent,
          which cannot be taken back.
          {plan.refuse > 0 && ` ${plural(plan.refuse, 'row')} refused by the dry run are left out.`}
        </ConfirmDialog>
      )}
      {asked === 'stop' && (
        <ConfirmDialog
          title="Stop after the rows now running?"
          confirm="Stop import"
          keep="Let it run"
          onConfirm={() => call('stop', {})}
          onClose={() => setAsked(undefined)}
        >
          {outcome.done + outcome.waiting} are done and stay.
        </ConfirmDialog>
      )}
    </>
  );
}
