import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Integration, request } from '../../api/index.ts';
import { Acknowledge, Button, ConfirmDialog, confirmToast, plural } from '../../parts/index.ts';

/** The way to be rid of a server that no organization uses any more. */
export function RemoveIntegration({ integration }: { readonly integration: Integration }) {
  const { id, name, type } = integration;
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [leave, setLeave] = useState(false);
  const remove = async (reason: string) => {
    const { webhooks } = await request<{ webhooks: number }>(`/api/integrations/${encodeURIComponent(id)}`, {
      method: 'DELETE',
      body: { name, reason, ...(leave ? { leave } : {}) },
    });
    confirmToast(
      webhooks > 0
        ? `Removed ${name}, with its webhook for ${plural(webhooks, 'kind')} of events`
        : `Removed ${name}`,
    );
    await client.invalidateQueries({ queryKey: ['integrations'] });
  };
  return (
    <>
      <Button
        variant="subtle"
        size="compact"
        aria-label={`Remove ${name}`}
        onClick={() => {
          setLeave(false);
          setAsking(true);
        }}
      >
        Remove
      </Button>
      {asking && (
        <ConfirmDialog
          title={`Remove ${name}?`}
          confirm={`Remove ${name}`}
          keep="Keep it"
          danger
          type={name}
          reason="required"
          onConfirm={remove}
          onClose={() => setAsking(false)}
        >
          <p>
            Drawbridge forgets its address and its secrets, and asks it nothing any more. People and objects
            there stay as they are. That cannot be undone: whoever wants it again adds it with a new key.
          </p>
          {type === 'zitadel' && (
            <Acknowledge
              label="It is gone, or lets us in no more: leave in it what sends us its events"
              checked={leave}
              onChange={setLeave}
            />
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
