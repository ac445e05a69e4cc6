import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type Organization, request } from '../../api/index.ts';
import { Button, ProblemPanel, Row, SidePanel } from '../../parts/index.ts';

/** One more tenant; the next step is to map it. */
export function CreateOrganization({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [slug, setSlug] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const shortName = slug ?? slugOf(name);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await request<Organization | { organization: Organization }>('/api/organizations', {
        method: 'POST',
        idempotencyKey: crypto.randomUUID(),
        body: { name, slug: shortName },
      });
      const made = 'organization' in answer ? answer.organization : answer;
      await client.invalidateQueries({ queryKey: ['organizations'] });
      await navigate({ to: '/site/organizations/$id/map', params: { id: made.id } });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <SidePanel title="Create organization" onClose={onClose}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <TextInput
          label="Name"
          required
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <TextInput
          label="Short name"
          description="Stands in addresses and commands; lower case letters, digits and hyphens."
          required
          value={shortName}
          onChange={({ currentTarget }) => setSlug(currentTarget.value)}
        />
        {failure !== undefined && <ProblemPanel error={failure} what="The organization was not created" />}
        <Row>
          <Button type="submit" loading={busy}>
            Create organization
          </Button>
        </Row>
      </form>
    </SidePanel>
  );
}

function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
}
