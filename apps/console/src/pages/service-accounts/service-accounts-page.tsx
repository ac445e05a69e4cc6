import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useOrganization } from '../../access/index.ts';
import { type ServiceAccount, serviceAccountsQuery } from '../../api/index.ts';
import {
  Button,
  type Column,
  DataTable,
  Empty,
  PageHeader,
  plural,
  Remote,
  StateBadge,
  Time,
  useNow,
  Who,
} from '../../parts/index.ts';
import { KeyLife } from './key-life.tsx';
import { Keys } from './keys.tsx';

/** Which machine may do what, and when does it break? */
export function ServiceAccountsPage() {
  const { id, name } = useOrganization();
  const query = useQuery(serviceAccountsQuery(id));
  const [opened, setOpened] = useState<string>();
  return (
    <>
      <PageHeader title="Service accounts">
        {query.data && query.data.length > 0 && <span>{answer(query.data)}</span>}
        Machine users that programs of {name} sign in as, and their keys.
      </PageHeader>
      <Remote query={query} what="The service accounts" from="Zitadel">
        {(rows) => {
          if (rows.length === 0) {
            return (
              <Empty command="drawbridge setup zitadel">
                No machine user yet. <code>drawbridge setup zitadel</code> makes one per job.
              </Empty>
            );
          }
          const open = rows.find((row) => row.id === opened);
          return (
            <>
              <DataTable
                label="Service accounts"
                columns={columns(setOpened)}
                rows={rows}
                rowKey={(row) => row.id}
                onOpen={(row) => setOpened(row.id)}
                foot={
                  <span>
                    Read from Zitadel <Time at={new Date(query.dataUpdatedAt).toISOString()} />
                  </span>
                }
              />
              <KeyLife accounts={rows} onOpen={setOpened} />
              {open && <Keys account={open} organization={id} onClose={() => setOpened(undefined)} />}
            </>
          );
        }}
      </Remote>
    </>
  );
}

/** How many machines there are, and how many of them cannot do their job. */
function answer(accounts: readonly ServiceAccount[]): string {
  const short = accounts.filter(({ roles }) => (roles.missing ?? []).length > 0).length;
  return `${plural(accounts.length, 'account')}, ${short > 0 ? `${short} lack roles` : 'none known to lack a role'}.`;
}

function columns(onOpen: (id: string) => void): readonly Column<ServiceAccount>[] {
  return [
    { key: 'name', title: 'Name', render: ({ name, id }) => <Who name={name} under={id} /> },
    { key: 'state', title: 'State', render: ({ state }) => <StateBadge state={state} /> },
    { key: 'roles', title: 'Roles has / needs', render: (account) => <Roles account={account} /> },
    {
      key: 'keys',
      title: 'Keys',
      render: ({ id, keys, name }) => (
        <Button
          size="compact"
          variant="default"
          aria-label={`${plural(keys.length, 'key')} of ${name}`}
          onClick={() => onOpen(id)}
        >
          {plural(keys.length, 'key')}
        </Button>
      ),
    },
    {
      key: 'oldest',
      title: 'Oldest',
      minor: true,
      render: ({ keys }) => <Time at={earliest(keys.flatMap(({ createdAt }) => createdAt ?? []))} />,
    },
    {
      key: 'expires',
      title: 'Next ends',
      render: ({ keys }) => <Ends at={earliest(keys.flatMap(({ expiresAt }) => expiresAt ?? []))} />,
    },
    { key: 'used', title: 'Last use', render: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
  ];
}

const soonMs = 14 * 86_400_000;

/** When a key ends; soon is said in a colour and in words. */
function Ends({ at }: { readonly at: string | undefined }) {
  const now = useNow();
  if (at === undefined) return <span>–</span>;
  const soon = Date.parse(at) - now < soonMs;
  return soon ? (
    <StateBadge state="attention" detail={`ends ${at.slice(0, 10)}`} />
  ) : (
    <span>
      {at.slice(0, 10)}, <Time at={at} />
    </span>
  );
}

/** What it may do against what its job needs, where the job is known. */
function Roles({ account: { roles } }: { readonly account: ServiceAccount }) {
  const { has, needs, missing = [], superfluous = [] } = roles;
  if (needs === undefined) {
    return (
      <span>
        {has.join(', ') || '–'} <span className="muted">(job not known)</span>
      </span>
    );
  }
  if (missing.length === 0 && superfluous.length === 0) return <span>{has.join(', ') || '–'}</span>;
  return (
    <span style={{ display: 'inline-flex', gap: 4, flexWrap: 'wrap' }}>
      {missing.length > 0 && <StateBadge state="failed" detail={`missing ${missing.join(', ')}`} />}
      {superfluous.length > 0 && (
        <StateBadge state="drifted" detail={`not needed ${superfluous.join(', ')}`} />
      )}
    </span>
  );
}

function earliest(times: readonly string[]): string | undefined {
  return times.toSorted()[0];
}
