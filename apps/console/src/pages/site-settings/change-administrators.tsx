import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '../../access/index.ts';
import { request, type SiteAdministrator } from '../../api/index.ts';
import { ConfirmDialog, confirmToast } from '../../parts/index.ts';

const pathOf = (subject: string) => `/api/site-administrators/${encodeURIComponent(subject)}`;

/** One more, by their user id in Zitadel: they need not be a user here. */
export function AddAdministrator({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const [subject, setSubject] = useState('');
  const add = async (reason: string) => {
    const added = await request<SiteAdministrator>(pathOf(subject.trim()), {
      method: 'PUT',
      body: { reason },
    });
    await client.invalidateQueries({ queryKey: ['site-administrators'] });
    confirmToast(`${added.name ?? added.subject} is a site administrator`);
  };
  return (
    <ConfirmDialog
      title="Add a site administrator?"
      confirm="Add administrator"
      keep="Add nobody"
      reason="required"
      onConfirm={add}
      onClose={onClose}
    >
      <div className="stack">
        <p style={{ margin: 0 }}>
          They may do everything in every organization, from their next request on, and name others.
        </p>
        <TextInput
          label="User id in Zitadel"
          description="Stands on the user's page here and in Zitadel; drawbridge whoami tells one's own."
          required
          autoComplete="off"
          value={subject}
          onChange={({ currentTarget }) => setSubject(currentTarget.value)}
        />
      </div>
    </ConfirmDialog>
  );
}

/** Takes it away again. The server keeps the last one. */
export function RemoveAdministrator({
  administrator: { subject, name },
  onClose,
}: {
  readonly administrator: SiteAdministrator;
  readonly onClose: () => void;
}) {
  const client = useQueryClient();
  const me = useMe();
  const who = name ?? subject;
  const remove = async (reason: string) => {
    await request(pathOf(subject), { method: 'DELETE', body: { reason } });
    confirmToast(`${who} is no site administrator any more`);
    // Whoever removed themselves may not read the list any more; what they may see now is asked anew.
    if (subject === me.subject) await client.invalidateQueries({ queryKey: ['me'] });
    else await client.invalidateQueries({ queryKey: ['site-administrators'] });
  };
  return (
    <ConfirmDialog
      title={`Remove ${who}?`}
      confirm={`Remove ${who}`}
      keep="Keep them"
      danger
      reason="required"
      onConfirm={remove}
      onClose={onClose}
    >
      <p>
        {subject === me.subject ? 'You are this one: you leave site administration at once. ' : ''}
        From the next request on they act only where their roles let them. Their account stays as it is.
      </p>
    </ConfirmDialog>
  );
}
