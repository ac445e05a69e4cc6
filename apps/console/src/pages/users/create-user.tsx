import { Select, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useOrganization } from '../../access/index.ts';
import { problemOf, type Run, request, rolesQuery, runQuery, type User } from '../../api/index.ts';
import { Button, ButtonLink, ProblemPanel, Row, SidePanel, StateBadge } from '../../parts/index.ts';
import { RunSteps, runSentence } from '../shared/index.ts';

/** The panel beside the users that makes one more, and shows how it comes to be. */
export function CreateUser({ onClose }: { readonly onClose: () => void }) {
  const organization = useOrganization();
  const [created, setCreated] = useState<{ readonly user: User; readonly run: Run }>();
  return (
    <SidePanel title={`Create user in ${organization.name}`} onClose={onClose}>
      {created ? (
        <Progress {...created} onAnother={() => setCreated(undefined)} onClose={onClose} />
      ) : (
        <Form onCreated={setCreated} />
      )}
    </SidePanel>
  );
}

function Form({ onCreated }: { readonly onCreated: (created: { user: User; run: Run }) => void }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const roles = useQuery(rolesQuery());
  const [fields, setFields] = useState({ givenName: '', familyName: '', email: '', role: 'user' });
  // The same form sent twice is the same request: a lost answer makes no second user.
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const set = (name: keyof typeof fields) => (value: string) => {
    setFields({ ...fields, [name]: value });
    setKey(crypto.randomUUID());
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await request<{ user: User; run: Run }>('/api/users', {
        method: 'POST',
        idempotencyKey,
        body: { organization: organization.id, ...fields },
      });
      onCreated(answer);
      await client.invalidateQueries({ queryKey: ['users'] });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const complaints = failure === undefined ? [] : (problemOf(failure).problems ?? []);
  const complaint = (name: string) => complaints.find(({ field }) => field.endsWith(name))?.message;
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <div className="field-row">
        <TextInput
          label="Given name"
          required
          data-autofocus
          value={fields.givenName}
          error={complaint('givenName')}
          onChange={({ currentTarget }) => set('givenName')(currentTarget.value)}
        />
        <TextInput
          label="Family name"
          required
          value={fields.familyName}
          error={complaint('familyName')}
          onChange={({ currentTarget }) => set('familyName')(currentTarget.value)}
        />
      </div>
      <TextInput
        label="Mail"
        type="email"
        required
        description="The way in: Zitadel sends its verification there, once."
        value={fields.email}
        error={complaint('email')}
        onChange={({ currentTarget }) => set('email')(currentTarget.value)}
      />
      <Select
        label="Role"
        allowDeselect={false}
        data={(roles.data ?? []).map(({ key, displayName }) => ({ value: key, label: displayName }))}
        value={fields.role}
        onChange={(value) => set('role')(value ?? 'user')}
      />
      {failure !== undefined && <ProblemPanel error={failure} what="The user was not created" />}
      <Row>
        <Button type="submit" loading={busy}>
          Create user
        </Button>
      </Row>
    </form>
  );
}

function Progress({
  user,
  run: first,
  onAnother,
  onClose,
}: {
  readonly user: User;
  readonly run: Run;
  readonly onAnother: () => void;
  readonly onClose: () => void;
}) {
  const { slug } = useOrganization();
  const { data: run } = useQuery({ ...runQuery(first.id), initialData: first });
  return (
    <div className="stack">
      <Row>
        <StateBadge state={run.state} explained />
        <span role="status">
          {user.email}: {runSentence(run)}
        </span>
      </Row>
      <RunSteps run={run} />
      <p className="muted" style={{ margin: 0 }}>
        Closing this changes nothing: the run goes on.
      </p>
      <Row>
        <ButtonLink href={`/o/${slug}/users/${user.id}/summary`} onClick={onClose}>
          Open user
        </ButtonLink>
        <ButtonLink variant="default" href={`/o/${slug}/runs/${run.id}`}>
          Open run
        </ButtonLink>
        <Button variant="default" onClick={onAnother}>
          Create another
        </Button>
      </Row>
    </div>
  );
}
