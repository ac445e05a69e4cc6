import { Link } from '@tanstack/react-router';
import { type AuditEntry, withQuery } from '../../api/index.ts';
import { Button, ButtonLink, type Column, Copyable, path, Time } from '../../parts/index.ts';
import { Actor, actionWords } from '../shared/index.ts';

/** The columns of the audit log; without a slug the records are of all organizations. */
export function auditColumns(
  org: string | undefined,
  onAround: (at: string) => void,
): readonly Column<AuditEntry>[] {
  return [
    { key: 'action', title: 'What', render: ({ action }) => actionWords(action) },
    { key: 'at', title: 'When', render: ({ at }) => <Time at={at} /> },
    { key: 'actor', title: 'By', render: ({ actor }) => <Actor actor={actor} /> },
    { key: 'object', title: 'Object', render: (entry) => <ObjectLink entry={entry} org={org} /> },
    { key: 'change', title: 'From → to', minor: true, render: ({ from, to }) => change(from, to) },
    { key: 'reason', title: 'Reason', render: ({ reason }) => reason ?? '–' },
    {
      key: 'request',
      title: 'Request',
      minor: true,
      render: ({ requestId }) => (requestId ? <RequestId id={requestId} org={org} /> : '–'),
    },
    {
      key: 'around',
      title: 'Around',
      minor: true,
      render: ({ at }) => (
        <Button size="compact" variant="subtle" onClick={() => onAround(at)}>
          ± 5 min
        </Button>
      ),
    },
  ];
}

/** The id of a request, and all that was recorded of it. */
function RequestId({ id, org }: { readonly id: string; readonly org: string | undefined }) {
  const audit = org === undefined ? '/site/audit' : path`/o/${org}/audit`;
  return (
    <>
      <Copyable value={id} label="request id" max={12} />{' '}
      <ButtonLink size="compact" variant="subtle" href={withQuery(audit, { q: `request:"${id}"` })}>
        all of it
      </ButtonLink>
    </>
  );
}

function ObjectLink({ entry, org }: { readonly entry: AuditEntry; readonly org: string | undefined }) {
  const { objectType, objectId: id, personal } = entry;
  if (!id) return <span>{objectType}</span>;
  const label = personal?.email ?? `${objectType} ${id.slice(-8)}`;
  if (org === undefined) return <Copyable value={id} label={`${objectType} id`} max={16} />;
  if (objectType === 'user') {
    return (
      <Link to="/o/$org/users/$id/$tab" params={{ org, id, tab: 'summary' }}>
        {label}
      </Link>
    );
  }
  if (objectType === 'run') {
    return (
      <Link to="/o/$org/runs/$id" params={{ org, id }}>
        {label}
      </Link>
    );
  }
  if (objectType === 'sweep') {
    return (
      <Link to="/o/$org/sweeps/$id" params={{ org, id }}>
        {label}
      </Link>
    );
  }
  return <Copyable value={id} label={`${objectType} id`} max={16} />;
}

function change(from: unknown, to: unknown): string {
  if (from === null && to === null) return '–';
  if (from === undefined && to === undefined) return '–';
  return [show(from), show(to)].filter(Boolean).join(' → ');
}

function show(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value as string | number | boolean);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${typeof part === 'string' ? part : JSON.stringify(part)}`)
    .join(', ');
}
