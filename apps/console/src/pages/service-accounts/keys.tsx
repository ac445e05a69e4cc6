import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Needs, useOrganization } from '../../access/index.ts';
import { request, type ServiceAccount } from '../../api/index.ts';
import {
  Button,
  ConfirmDialog,
  Copyable,
  DataTable,
  ProblemPanel,
  Row,
  SidePanel,
  Time,
  useNow,
} from '../../parts/index.ts';
import { NewKey } from './new-key.tsx';

const unusedMs = 86_400_000;

/** The keys of one machine user: make another, and delete what nobody uses. */
export function Keys({
  account,
  organization,
  onClose,
}: {
  readonly account: ServiceAccount;
  readonly organization: string;
  readonly onClose: () => void;
}) {
  const { can } = useOrganization();
  const client = useQueryClient();
  const now = useNow();
  const [deleting, setDeleting] = useState<string>();
  const [made, setMade] = useState<{ readonly key: unknown }>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const path = `/api/service-accounts/${encodeURIComponent(account.id)}/keys`;
  const query = { organization };
  const refresh = async () => await client.invalidateQueries({ queryKey: ['service-accounts'] });
  const inUse = account.lastUsedAt !== null && now - Date.parse(account.lastUsedAt) < unusedMs;

  const make = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      setMade(
        await request<{ readonly key: unknown }>(path, {
          method: 'POST',
          query,
          idempotencyKey: crypto.randomUUID(),
          body: {},
        }),
      );
      await refresh();
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  };

  return (
    <SidePanel title={`Keys of ${account.name}`} onClose={onClose}>
      <div className="stack">
        <p style={{ margin: 0 }}>
          To rotate: make a new key, give it to the program, see it used, then delete the old one.
        </p>
        <DataTable
          label="Keys"
          columns={[
            { key: 'id', title: 'Key', render: ({ id }) => <Copyable value={id} label="key id" max={14} /> },
            { key: 'age', title: 'Made', render: ({ createdAt }) => <Time at={createdAt} /> },
            { key: 'ends', title: 'Ends', render: ({ expiresAt }) => <Time at={expiresAt} /> },
            {
              key: 'delete',
              title: 'Delete',
              render: ({ id }) => (
                <Button
                  size="compact"
                  variant="default"
                  disabled={!can('accounts.write')}
                  aria-label={`Delete key ${id}`}
                  onClick={() => setDeleting(id)}
                >
                  Delete
                </Button>
              ),
            },
          ]}
          rows={account.keys}
          rowKey={({ id }) => id}
        />
        {failure !== undefined && <ProblemPanel error={failure} what="No key was made" />}
        <Row>
          <Button loading={busy} disabled={!can('accounts.write')} onClick={() => void make()}>
            Make new key
          </Button>
          {!can('accounts.write') && <Needs permission="accounts.write" to="change keys" />}
        </Row>
      </div>
      {made !== undefined && (
        <NewKey content={made.key} name={account.name} onClose={() => setMade(undefined)} />
      )}
      {deleting !== undefined && (
        <ConfirmDialog
          title={`Delete key ${deleting.slice(-6)} of ${account.name}?`}
          confirm="Delete key"
          keep="Keep the key"
          danger
          {...(inUse ? { type: deleting.slice(-6) } : {})}
          reason="required"
          onConfirm={async (reason) => {
            await request(`${path}/${encodeURIComponent(deleting)}`, {
              method: 'DELETE',
              query,
              body: { reason },
            });
            await refresh();
          }}
          onClose={() => setDeleting(undefined)}
        >
          {inUse ? (
            <>
              The account was last used <Time at={account.lastUsedAt} />. Whatever uses this key stops at
              once.
            </>
          ) : (
            'The account was not used for a day. Whatever still has this key can no longer sign in.'
          )}
        </ConfirmDialog>
      )}
    </SidePanel>
  );
}
