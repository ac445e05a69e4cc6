import { Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Mapping, type Organization, type Run, request } from '../../api/index.ts';
import { Button, ProblemPanel, plural, Row } from '../../parts/index.ts';

/** What will be made, what is lost, and why: then it starts. */
export function Confirm({
  organization,
  mapping,
  id,
  name,
  onBack,
  onStarted,
}: {
  readonly organization: Organization;
  readonly mapping: Mapping | undefined;
  readonly id: string;
  readonly name: string;
  readonly onBack: () => void;
  readonly onStarted: (run: Run) => void;
}) {
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const moves = organization.zitadelOrgId !== null && organization.zitadelOrgId !== id;
  const blocked = reason.trim() === '' || (moves && typed !== organization.name);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const { run } = await request<{ run: Run }>('/api/zitadel/org-mapping', {
        method: 'POST',
        idempotencyKey: crypto.randomUUID(),
        body: { organization: organization.id, zitadelOrgId: id, reason },
      });
      await client.invalidateQueries({ queryKey: ['organizations'] });
      await client.invalidateQueries({ queryKey: ['mappings'] });
      onStarted(run);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <ul style={{ margin: 0 }}>
        <li>
          <strong>+</strong> a grant of the application project to {name}, so that its people may have roles
        </li>
        <li>
          <strong>+</strong> {organization.name} here belongs to {name} at Zitadel; its people may sign in
        </li>
        {moves && (
          <li>
            <strong>−</strong> the grant of {organization.zitadelOrgId}
          </li>
        )}
      </ul>
      {moves && (
        <div className="band" role="note">
          Move {organization.name} to {name}? Its {plural(mapping?.users.all ?? 0, 'user')} stay in the old
          organization, which loses its grant: they cannot sign in here.
        </div>
      )}
      <Textarea
        label="Reason"
        description="Stands in the audit log."
        required
        maxLength={500}
        autosize
        minRows={2}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      {moves && (
        <TextInput
          label={`Type ${organization.name} to go on`}
          autoComplete="off"
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      )}
      {failure !== undefined && <ProblemPanel error={failure} what="Nothing was mapped" />}
      <Row>
        <Button type="submit" disabled={blocked} loading={busy} {...(moves ? { color: 'red' } : {})}>
          Map {organization.name} to {name}
        </Button>
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
      </Row>
    </form>
  );
}
