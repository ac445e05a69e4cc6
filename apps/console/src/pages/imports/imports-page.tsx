import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { type Import, importsQuery } from '../../api/index.ts';
import {
  Card,
  type Column,
  DataTable,
  Empty,
  formatCount,
  PageHeader,
  Remote,
  StateBadge,
  Time,
} from '../../parts/index.ts';
import { Actor } from '../shared/index.ts';
import { ChooseFile } from './choose-file.tsx';

/** Which files of people were brought in, and did all rows arrive? */
export function ImportsPage() {
  const { id, slug, name } = useOrganization();
  const navigate = useNavigate();
  const query = useQuery(importsQuery(id));
  return (
    <>
      <PageHeader title="Imports">
        <Latest found={query.data?.[0]} />
        Many people at once, from a CSV file. A dry run comes first: it changes nothing.
      </PageHeader>
      <Card title="New import">
        <ChooseFile organization={id} />
      </Card>
      <Remote query={query} what="The imports">
        {(rows) =>
          rows.length === 0 ? (
            <Empty command={`drawbridge users import FILE.csv --org ${slug} --dry-run`}>
              Nothing was imported into {name} yet.
            </Empty>
          ) : (
            <DataTable
              label="Imports"
              columns={columns(slug)}
              rows={rows}
              rowKey={(row) => row.id}
              onOpen={(row) =>
                void navigate({ to: '/o/$org/imports/$id', params: { org: slug, id: row.id } })
              }
            />
          )
        }
      </Remote>
    </>
  );
}

/** Whether all rows of the last one arrived: the page's answer. */
function Latest({ found }: { readonly found: Import | undefined }) {
  if (!found) return null;
  const { fileName, state, outcome, total } = found;
  const open = [
    outcome.waiting > 0 && `${formatCount(outcome.waiting)} waiting for first sign-in`,
    outcome.attention > 0 && `${formatCount(outcome.attention)} need attention`,
    outcome.failed > 0 && `${formatCount(outcome.failed)} failed`,
  ].filter(Boolean);
  return (
    <span>
      Last: {fileName} <StateBadge state={state} /> {formatCount(outcome.done)} of {formatCount(total)} rows
      done{open.length > 0 && `, ${open.join(', ')}`}.
    </span>
  );
}

function columns(org: string): readonly Column<Import>[] {
  const count = (key: string, title: string, value: (row: Import) => number): Column<Import> => ({
    key,
    title,
    number: true,
    minor: true,
    render: (row) => formatCount(value(row)),
  });
  return [
    {
      key: 'file',
      title: 'File',
      render: ({ id, fileName }) => (
        <Link to="/o/$org/imports/$id" params={{ org, id }}>
          {fileName}
        </Link>
      ),
    },
    { key: 'state', title: 'State', render: ({ state }) => <StateBadge state={state} /> },
    { key: 'by', title: 'By', minor: true, render: ({ requestedBy }) => <Actor actor={requestedBy} /> },
    {
      key: 'started',
      title: 'Started',
      render: ({ startedAt, createdAt }) => <Time at={startedAt ?? createdAt} />,
    },
    count('rows', 'Rows', ({ total }) => total),
    count('done', 'Done', ({ outcome }) => outcome.done),
    count('waiting', 'Waiting', ({ outcome }) => outcome.waiting),
    count('attention', 'Attention', ({ outcome }) => outcome.attention),
    count('refused', 'Refused', ({ plan }) => plan.refuse),
  ];
}
