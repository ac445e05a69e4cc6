import { Link } from '@tanstack/react-router';
import type { ImportRow } from '../../api/index.ts';
import type { Column } from '../../parts/index.ts';

const plans: Record<ImportRow['plan'], string> = {
  create: 'to create',
  change: 'to change',
  same: 'same already',
  refuse: 'refused',
};

/** The columns of an import's rows; what was refused says by which column and why. */
export function rowColumns(org: string): readonly Column<ImportRow>[] {
  return [
    {
      key: 'mail',
      title: 'Mail',
      render: ({ email, userId, row }) =>
        userId ? (
          <Link to="/o/$org/users/$id/$tab" params={{ org, id: userId, tab: 'summary' }}>
            {email ?? userId}
          </Link>
        ) : (
          (email ?? `row ${row}`)
        ),
    },
    { key: 'row', title: 'Row', number: true, render: ({ row }) => row },
    { key: 'plan', title: 'Plan', render: ({ plan }) => plans[plan] },
    { key: 'state', title: 'Outcome', render: ({ state }) => state ?? '–' },
    {
      key: 'run',
      title: 'Run',
      minor: true,
      render: ({ runId }) =>
        runId ? (
          <Link to="/o/$org/runs/$id" params={{ org, id: runId }}>
            {runId.slice(-6)}
          </Link>
        ) : (
          '–'
        ),
    },
    {
      key: 'problem',
      title: 'Problem',
      render: ({ field, message }) => (message ? `${field ? `${field}: ` : ''}${message}` : '–'),
    },
  ];
}
