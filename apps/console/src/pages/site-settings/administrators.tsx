import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type SiteAdministrator, siteAdministratorsQuery } from '../../api/index.ts';
import { Button, Card, type Column, Copyable, DataTable, Remote, Time } from '../../parts/index.ts';
import { Actor } from '../shared/index.ts';
import { AddAdministrator, RemoveAdministrator } from './change-administrators.tsx';

/** Who acts in all organizations? */
export function Administrators() {
  const query = useQuery(siteAdministratorsQuery());
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<SiteAdministrator>();
  return (
    <Card
      title="Site administrators"
      aside={
        <Button variant="default" size="compact" onClick={() => setAdding(true)}>
          Add administrator
        </Button>
      }
    >
      <Remote query={query} what="The site administrators">
        {(items) => (
          <>
            {items.length === 1 && (
              <p className="muted">
                There is only one. Name another before you need one: without any, a row has to be written into
                the database.
              </p>
            )}
            <DataTable
              label="Site administrators"
              columns={columns(items.length > 1 ? setRemoving : undefined)}
              rows={items}
              rowKey={({ subject }) => subject}
            />
          </>
        )}
      </Remote>
      {adding && <AddAdministrator onClose={() => setAdding(false)} />}
      {removing && <RemoveAdministrator administrator={removing} onClose={() => setRemoving(undefined)} />}
    </Card>
  );
}

/** @param onRemove not given where only one is left, who stays */
function columns(
  onRemove: ((administrator: SiteAdministrator) => void) | undefined,
): readonly Column<SiteAdministrator>[] {
  return [
    { key: 'name', title: 'Name', render: ({ name, email }) => name ?? email ?? 'not a user here' },
    {
      key: 'subject',
      title: 'User id in Zitadel',
      render: ({ subject }) => <Copyable value={subject} label="user id" max={28} />,
    },
    {
      key: 'since',
      title: 'Named',
      minor: true,
      render: ({ addedBy, addedAt }) => (
        <span>
          <Actor actor={addedBy} />, <Time at={addedAt} />
        </span>
      ),
    },
    {
      key: 'remove',
      title: 'Remove',
      render: (administrator) =>
        onRemove === undefined ? (
          <span className="muted">the last one stays</span>
        ) : (
          <Button
            size="compact"
            variant="default"
            aria-label={`Remove ${administrator.name ?? administrator.subject}`}
            onClick={() => onRemove(administrator)}
          >
            Remove
          </Button>
        ),
    },
  ];
}
