import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { type Organization, type ZitadelOrganization, zitadelOrganizationsQuery } from '../../api/index.ts';
import { Button, type Column, Copyable, DataTable, Empty, Remote } from '../../parts/index.ts';

/** Which organization of Zitadel? Those that belong to another tenant say to which, and cannot be taken. */
export function Pick({
  organization,
  onPick,
}: {
  readonly organization: Organization;
  readonly onPick: (id: string) => void;
}) {
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const query = useQuery(zitadelOrganizationsQuery(q));
  return (
    <div className="stack">
      <TextInput
        label="Organization at Zitadel"
        placeholder="Name or id"
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        maw={420}
      />
      <Remote query={query} what="Zitadel’s organizations" from="Zitadel">
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              {q === ''
                ? 'Zitadel shows no organization to this service account.'
                : `Zitadel has no organization “${q}”.`}
            </Empty>
          ) : (
            <DataTable
              label="Organizations at Zitadel"
              columns={columns(organization, onPick)}
              rows={rows}
              rowKey={({ id }) => id}
            />
          )
        }
      </Remote>
    </div>
  );
}

function columns(
  organization: Organization,
  onPick: (id: string) => void,
): readonly Column<ZitadelOrganization>[] {
  return [
    { key: 'name', title: 'Name', render: ({ name }) => name },
    { key: 'id', title: 'Id', render: ({ id }) => <Copyable value={id} label="organization id" /> },
    {
      key: 'domain',
      title: 'Primary domain',
      minor: true,
      render: ({ primaryDomain }) => primaryDomain ?? '–',
    },
    {
      key: 'pick',
      title: 'Pick',
      render: ({ id, name, mappedTo }) =>
        mappedTo && mappedTo.id !== organization.id ? (
          <span className="muted">belongs to {mappedTo.name}</span>
        ) : (
          <Button size="compact" variant="default" aria-label={`Pick ${name}`} onClick={() => onPick(id)}>
            {mappedTo ? 'Pick again' : 'Pick'}
          </Button>
        ),
    },
  ];
}
