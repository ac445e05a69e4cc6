import { Select, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useOrganization } from '../../access/index.ts';
import { request, rolesQuery, type User } from '../../api/index.ts';
import { Button, confirmToast, fullName, ProblemPanel, Row, SidePanel } from '../../parts/index.ts';

/** Name and role of a user; what is saved goes to Zitadel by a run. */
export function EditUser({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const roles = useQuery(rolesQuery());
  const role =
    user.memberships.find(({ organizationId }) => organizationId === organization.id)?.role ?? 'user';
  const [fields, setFields] = useState({ givenName: user.givenName, familyName: user.familyName, role });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const changed =
    fields.givenName !== user.givenName || fields.familyName !== user.familyName || fields.role !== role;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await request(`/api/users/${encodeURIComponent(user.id)}`, {
        method: 'PATCH',
        body: fields,
        version: user.version,
      });
      await client.invalidateQueries({ queryKey: ['user', user.id] });
      confirmToast(`${fullName(user)} is being changed`);
      onClose();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <SidePanel title={`Change ${fullName(user)}`} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <TextInput
          label="Given name"
          required
          data-autofocus
          value={fields.givenName}
          onChange={({ currentTarget }) => setFields({ ...fields, givenName: currentTarget.value })}
        />
        <TextInput
          label="Family name"
          required
          value={fields.familyName}
          onChange={({ currentTarget }) => setFields({ ...fields, familyName: currentTarget.value })}
        />
        <Select
          label={`Role in ${organization.name}`}
          allowDeselect={false}
          data={(roles.data ?? []).map(({ key, displayName }) => ({ value: key, label: displayName }))}
          value={fields.role}
          onChange={(value) => setFields({ ...fields, role: value ?? role })}
        />
        {failure !== undefined && <ProblemPanel error={failure} what="Nothing was changed" />}
        <Row>
          <Button type="submit" disabled={!changed} loading={busy}>
            Save changes
          </Button>
          <Button variant="default" onClick={onClose}>
            Keep as it is
          </Button>
        </Row>
      </form>
    </SidePanel>
  );
}
