import { Textarea, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../button.tsx';
import css from '../parts.module.css';
import { ProblemPanel } from '../problem-panel.tsx';
import { Dialog } from './windows.tsx';

export interface ConfirmDialogProps {
  /** Verb and object: "Deactivate Ada Okafor?" */
  readonly title: string;
  /** Consequence, and what cannot be undone. */
  readonly children: ReactNode;
  /** Repeats the verb: "Deactivate Ada". */
  readonly confirm: string;
  /** What happens instead: "Keep active". */
  readonly keep: string;
  readonly danger?: boolean;
  /** Text that must be typed first, such as a name or a count. */
  readonly type?: string;
  /** Whether a reason is asked for: it stands in the audit log. */
  readonly reason?: 'required' | 'optional';
  readonly onConfirm: (reason: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something with consequences. Stays open with the problem when it fails. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, confirm, keep, danger = false, type, reason, onConfirm, onClose } = props;
  const [why, setWhy] = useState('');
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const blocked =
    (type !== undefined && typed.trim() !== type) || (reason === 'required' && why.trim() === '');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await onConfirm(why.trim());
      onClose();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };

  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <div>{children}</div>
        {reason && (
          <Textarea
            mt="sm"
            autosize
            minRows={2}
            label={reason === 'required' ? 'Reason' : 'Reason (optional)'}
            description="Stands in the audit log."
            maxLength={500}
            value={why}
            onChange={({ currentTarget }) => setWhy(currentTarget.value)}
          />
        )}
        {type !== undefined && (
          <TextInput
            mt="sm"
            label={`Type ${type} to go on`}
            autoComplete="off"
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        )}
        {failure !== undefined && <ProblemPanel error={failure} what="Nothing was changed" />}
        <div className={css.row} style={{ marginTop: 16, justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {keep}
          </Button>
          <Button type="submit" danger={danger} disabled={blocked} loading={busy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
