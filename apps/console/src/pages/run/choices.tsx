import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Needs, useOrganization } from '../../access/index.ts';
import { type Choice, type Run, request } from '../../api/index.ts';
import { Button, ConfirmDialog, capital, confirmToast, Row } from '../../parts/index.ts';

interface Words {
  readonly button: string;
  readonly hint: string;
  readonly title: string;
  readonly keep: string;
  readonly body: string;
}

/** What a person may decide about a run: each choice with what follows from it. */
export function Choices({ run }: { readonly run: Run }) {
  const { can } = useOrganization();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Choice>();
  if (run.choices.length === 0) return null;
  const words = wordsFor(run);
  const decide = async (choice: Choice, reason: string) => {
    const next = await request<Run>(`/api/runs/${encodeURIComponent(run.id)}/${choice}`, {
      method: 'POST',
      body: { reason },
    });
    client.setQueryData(['run', run.id], next);
    await client.invalidateQueries({ queryKey: ['runs'] });
    confirmToast(`${words[choice].button}: taken up`);
  };
  return (
    <>
      {!can('runs.write') && (
        <p>
          <Needs permission="runs.write" to="decide about this run" />
        </p>
      )}
      <ul
        className="stack"
        aria-label="What can be done"
        style={{ listStyle: 'none', margin: 0, padding: 0 }}
      >
        {run.choices.map((choice) => (
          <li key={choice}>
            <Row>
              <Button
                variant={choice === 'resume' ? 'filled' : 'default'}
                disabled={!can('runs.write')}
                onClick={() => setChosen(choice)}
              >
                {words[choice].button}
              </Button>
              <span className="muted">{words[choice].hint}</span>
            </Row>
          </li>
        ))}
      </ul>
      {chosen && (
        <ConfirmDialog
          title={words[chosen].title}
          confirm={words[chosen].button}
          keep={words[chosen].keep}
          danger={chosen === 'compensate'}
          reason="required"
          onConfirm={(reason) => decide(chosen, reason)}
          onClose={() => setChosen(undefined)}
        >
          {words[chosen].body}
        </ConfirmDialog>
      )}
    </>
  );
}

/** Whether the run waits for a decision, rather than merely allowing one. */
export function isStopped({ state }: Run): boolean {
  return state === 'attention' || state === 'quarantined';
}

function wordsFor(run: Run): Record<Choice, Words> {
  const steps = run.steps;
  const at = steps.findIndex(({ state }) => state === 'attention' || state === 'quarantined');
  const number = at < 0 ? 1 : at + 1;
  const before = number === 2 ? 'Step 1 is' : `Steps 1 to ${number - 1} are`;
  const notRepeated = number > 1 ? `${before} not repeated.` : 'It begins again.';
  const undone = steps.flatMap(({ undo, state }) => (undo && state === 'done' ? [undo] : [])).reverse();
  const undoing =
    undone.length > 0
      ? `${capital(undone.join('; '))}.`
      : 'Takes back what was done, from the last step to the first.';
  return {
    resume: {
      button: `Resume at step ${number}`,
      hint: notRepeated,
      title: `Resume at step ${number}?`,
      keep: 'Leave it stopped',
      body: notRepeated,
    },
    compensate: {
      button: 'Undo',
      hint: undoing,
      title: 'Undo this run?',
      keep: 'Keep what was done',
      body: `${undoing} A mail that was sent cannot be taken back.`,
    },
    abandon: {
      button: 'Abandon',
      hint: 'Leaves everything as it is now.',
      title: 'Abandon this run?',
      keep: 'Leave it open',
      body: 'What was done stays, what is missing stays missing. The run asks nobody any more.',
    },
  };
}
