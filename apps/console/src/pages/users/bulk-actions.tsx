import { Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Needs, useOrganization } from '../../access/index.ts';
import { type BulkResult, request, type User } from '../../api/index.ts';
import {
  BulkBar,
  Button,
  ConfirmDialog,
  confirmToast,
  formatCount,
  fullName,
  plural,
  type Selection,
} from '../../parts/index.ts';

type Action = 'deactivate' | 'activate' | 'set-role' | 'invite';
const verbs: Record<Action, string> = {
  deactivate: 'Deactivate',
  activate: 'Activate',
  'set-role': 'Set role of',
  invite: 'Send an invitation to',
};
const typeFrom = 5;

/** What can be done with the users chosen: one preview, one run each, and the failed ones stay chosen. */
export function BulkActions({
  selection,
  users,
  total,
  onAll,
}: {
  readonly selection: Selection;
  readonly users: readonly User[];
  readonly total: number | null | undefined;
  /** Loads and chooses all that match, where more match than are loaded. */
  readonly onAll?: () => void;
}) {
  const organization = useOrganization();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Action>();
  const [role, setRole] = useState('user');
  const [result, setResult] = useState<BulkResult>();
  const chosen = users.filter(({ id }) => selection.has(id));
  const able = organization.can('users.write');

  const start = async (action: Action, reason: string) => {
    const answer = await request<BulkResult>('/api/users/bulk', {
      method: 'POST',
      idempotencyKey: crypto.randomUUID(),
      body: {
        organization: organization.id,
        action,
        ids: chosen.map(({ id }) => id),
        reason,
        ...(action === 'set-role' ? { role } : {}),
      },
    });
    const failed = answer.items.flatMap((item) => ('code' in item ? [item.id] : []));
    selection.set(failed);
    setResult(answer);
    confirmToast(`${plural(answer.items.length - failed.length, 'run')} started`);
    await client.invalidateQueries({ queryKey: ['users'] });
  };

  return (
    <>
      <BulkBar>
        <strong>{plural(chosen.length, 'user')} chosen</strong>
        {onAll && (
          <Button size="xs" variant="subtle" onClick={onAll}>
            {typeof total === 'number' ? `Select all ${formatCount(total)} matching` : 'Select all matching'}
          </Button>
        )}
        <Button size="xs" variant="default" disabled={!able} onClick={() => setAsked('deactivate')}>
          Deactivate
        </Button>
        <Button size="xs" variant="default" disabled={!able} onClick={() => setAsked('activate')}>
          Activate
        </Button>
        <Button size="xs" variant="default" disabled={!able} onClick={() => setAsked('set-role')}>
          Set role
        </Button>
        <Button size="xs" variant="default" disabled={!able} onClick={() => setAsked('invite')}>
          Resend invitation
        </Button>
        <Button size="xs" variant="default" onClick={() => exportUsers(chosen)}>
          Export
        </Button>
        <Button size="xs" variant="subtle" onClick={() => selection.set([])}>
          Clear
        </Button>
        {!able && <Needs permission="users.write" to="change users" />}
        {result && <Outcome result={result} users={users} slug={organization.slug} />}
      </BulkBar>
      {asked && (
        <ConfirmDialog
          title={`${verbs[asked]} ${plural(chosen.length, 'user')} in ${organization.name}?`}
          confirm={`${verbs[asked]} ${plural(chosen.length, 'user')}`}
          keep="Change nothing"
          danger={asked === 'deactivate'}
          reason="required"
          {...(chosen.length >= typeFrom ? { type: String(chosen.length) } : {})}
          onConfirm={(reason) => start(asked, reason)}
          onClose={() => setAsked(undefined)}
        >
          <p>
            {names(chosen)}. {consequence[asked]} {skipped(asked, chosen)}
          </p>
          {asked === 'set-role' && (
            <Select
              label="Role"
              allowDeselect={false}
              data={['admin', 'manager', 'user']}
              value={role}
              onChange={(value) => setRole(value ?? 'user')}
            />
          )}
        </ConfirmDialog>
      )}
    </>
  );
}

const consequence: Record<Action, string> = {
  deactivate:
    'They can no longer sign in; their sessions end within 30 s and their devices are blocked. Whoever may not be deactivated, such as the last administrator, is skipped and named.',
  activate: 'They may sign in again. Sessions do not come back.',
  'set-role': 'Permissions follow the role at once.',
  invite: 'Each gets one mail. Who has signed in before is skipped.',
};

/** Whom it will leave out, as far as that can be known before. */
function skipped(action: Action, users: readonly User[]): string {
  const already = users.filter(({ active }) =>
    action === 'deactivate' ? !active : action === 'activate' && active,
  );
  if (already.length === 0) return '';
  const who = names(already);
  return `${who}: already ${action === 'deactivate' ? 'inactive' : 'active'}, nothing happens to them.`;
}

function names(users: readonly User[]): string {
  const shown = users.slice(0, 2).map(fullName).join(', ');
  return users.length > 2 ? `${shown} and ${users.length - 2} more` : shown;
}

/** Who was not taken up, and why. */
function Outcome({
  result,
  users,
  slug,
}: {
  readonly result: BulkResult;
  readonly users: readonly User[];
  readonly slug: string;
}) {
  const failed = result.items.flatMap((item) => ('code' in item ? [item] : []));
  return (
    <div role="status">
      <Link to="/o/$org/runs" params={{ org: slug }} search={{ q: `batch:${result.batchId}` }}>
        {plural(result.items.length - failed.length, 'run')} started
      </Link>
      {failed.map(({ id, message }) => {
        const user = users.find((one) => one.id === id);
        return (
          <div key={id}>
            {user ? fullName(user) : id}: {message}
          </div>
        );
      })}
    </div>
  );
}

/** The chosen rows as a file. */
function exportUsers(users: readonly User[]): void {
  const quote = (text: string) => `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const lines = users.map((user) =>
    [user.id, user.email, user.givenName, user.familyName, user.state ?? '', user.updatedAt]
      .map(quote)
      .join(','),
  );
  const file = new Blob([['id,email,given_name,family_name,state,changed', ...lines].join('\r\n')], {
    type: 'text/csv',
  });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = 'users.csv';
  link.click();
  URL.revokeObjectURL(link.href);
}
