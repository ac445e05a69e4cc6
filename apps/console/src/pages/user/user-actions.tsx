import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Needs, useOrganization } from '../../access/index.ts';
import { type Run, request, type User } from '../../api/index.ts';
import { ActionMenu, Button, ConfirmDialog, fullName } from '../../parts/index.ts';
import { DeactivationConsequence } from './consequence.tsx';
import { EditUser } from './edit-user.tsx';

type Asked = 'deactivate' | 'activate' | 'invite' | 'delete' | 'erase' | 'edit';

/** What may be done with a user; the first button is the one that fits its state. */
export function UserActions({ user }: { readonly user: User }) {
  const { slug, can } = useOrganization();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const name = user.givenName || fullName(user);
  const elsewhere = user.state === 'inactive_elsewhere';
  const close = () => setAsked(undefined);
  const path = `/api/users/${encodeURIComponent(user.id)}`;
  const statusPath = (change: string) => `/api/zitadel/users/${encodeURIComponent(user.id)}/${change}`;

  const start = async (
    url: string,
    options: { method: 'POST' | 'DELETE'; body?: object; version?: number },
  ) => {
    const { run } = await request<{ run: Run }>(url, options);
    await client.invalidateQueries({ queryKey: ['user', user.id] });
    await client.invalidateQueries({ queryKey: ['users'] });
    await navigate({ to: '/o/$org/runs/$id', params: { org: slug, id: run.id } });
  };

  if (!can('users.write')) {
    return <Needs permission="users.write" to="change this user" />;
  }
  return (
    <>
      {user.active && !elsewhere ? (
        <Button danger onClick={() => setAsked('deactivate')}>
          Deactivate {name}
        </Button>
      ) : (
        <Button disabled={elsewhere} onClick={() => setAsked('activate')}>
          Activate {name}
        </Button>
      )}
      {elsewhere && <span className="muted">Deactivated in Zitadel’s console; activate it there.</span>}
      <ActionMenu
        opener={(toggle, open) => (
          <Button variant="default" aria-expanded={open} onClick={toggle}>
            More
          </Button>
        )}
        actions={[
          { label: 'Change name or role', onClick: () => setAsked('edit') },
          { label: 'Resend invitation', onClick: () => setAsked('invite') },
          { label: 'Export everything held', href: `${path}/export`, download: `user-${user.id}.json` },
          { label: 'Delete user', danger: true, onClick: () => setAsked('delete') },
          { label: 'Erase personal data', danger: true, onClick: () => setAsked('erase') },
        ]}
      />
      {asked === 'edit' && <EditUser user={user} onClose={close} />}
      {asked === 'deactivate' && (
        <ConfirmDialog
          title={`Deactivate ${fullName(user)}?`}
          confirm={`Deactivate ${name}`}
          keep="Keep active"
          danger
          reason="optional"
          onConfirm={(reason) =>
            start(statusPath('deactivate'), { method: 'POST', body: reason ? { reason } : {} })
          }
          onClose={close}
        >
          <DeactivationConsequence user={user} name={name} />
        </ConfirmDialog>
      )}
      {asked === 'activate' && (
        <ConfirmDialog
          title={`Activate ${fullName(user)}?`}
          confirm={`Activate ${name}`}
          keep="Keep inactive"
          reason="optional"
          onConfirm={(reason) =>
            start(statusPath('activate'), { method: 'POST', body: reason ? { reason } : {} })
          }
          onClose={close}
        >
          {name} may sign in again, at Zitadel and here. Devices are unblocked.
        </ConfirmDialog>
      )}
      {asked === 'invite' && (
        <ConfirmDialog
          title={`Send the invitation to ${fullName(user)} again?`}
          confirm="Send invitation"
          keep="Send nothing"
          onConfirm={() => start(`${path}/invitation`, { method: 'POST' })}
          onClose={close}
        >
          One mail goes to {user.email}. The link of an earlier one no longer works.
        </ConfirmDialog>
      )}
      {asked === 'delete' && (
        <ConfirmDialog
          title={`Delete ${fullName(user)}?`}
          confirm={`Delete ${name}`}
          keep="Keep the user"
          danger
          reason="required"
          type={user.email}
          onConfirm={(reason) =>
            start(path, {
              method: 'DELETE',
              body: { reason },
              ...(user.version === undefined ? {} : { version: user.version }),
            })
          }
          onClose={close}
        >
          The user is removed from NetBird, Zitadel and here. That cannot be undone; a new user of the same
          mail is another one.
        </ConfirmDialog>
      )}
      {asked === 'erase' && (
        <ConfirmDialog
          title={`Erase ${fullName(user)}?`}
          confirm={`Erase ${name}`}
          keep="Keep the data"
          danger
          reason="required"
          type={user.email}
          onConfirm={(reason) =>
            start(`${path}/erasure`, { method: 'POST', body: { email: user.email, reason } })
          }
          onClose={close}
        >
          Name and mail are removed everywhere, from the audit log too, which then reads “erased person”. What
          happened, and when, stays provable. That cannot be undone.
        </ConfirmDialog>
      )}
    </>
  );
}
