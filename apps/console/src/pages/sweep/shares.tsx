import type { Sweep, SweepShare } from '../../api/index.ts';
import { type Column, DataTable, formatCount } from '../../parts/index.ts';

const columns: readonly Column<SweepShare>[] = [
  { key: 'name', title: 'Organization', render: ({ name }) => name },
  { key: 'active', title: 'Active', number: true, render: ({ active }) => formatCount(active) },
  { key: 'go', title: 'Would go', number: true, render: ({ wouldGo }) => formatCount(wouldGo) },
  { key: 'share', title: 'Share', number: true, render: (share) => `${Math.round(shareOf(share) * 100)} %` },
  {
    key: 'limit',
    title: 'Limit',
    number: true,
    render: ({ limit }) => (limit === null ? '–' : formatCount(limit)),
  },
  { key: 'says', title: 'Zitadel says', render: ({ says }) => says?.replaceAll('_', ' ') ?? '–' },
];
const goneShare = 0.9;

/** What a held sweep would do to each organization. */
export function Shares({ sweep }: { readonly sweep: Sweep }) {
  const shares = sweep.organizations ?? [];
  const gone = shares.filter((share) => shareOf(share) >= goneShare);
  return (
    <>
      {gone.map(({ id, name }) => (
        <div className="band" role="note" key={id}>
          {name}: looks like the organization went away, not its people.
        </div>
      ))}
      {shares.length > 0 && (
        <DataTable label="Organizations" columns={columns} rows={shares} rowKey={({ id }) => id} />
      )}
    </>
  );
}

function shareOf({ active, wouldGo }: SweepShare): number {
  return active === 0 ? 0 : wouldGo / active;
}
