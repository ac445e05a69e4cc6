import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request, type Sweep } from '../../api/index.ts';
import { Button, ConfirmDialog, plural, Row } from '../../parts/index.ts';

/** Approve what a sweep was stopped from doing, or some of it, or none. It stays held until somebody answers. */
export function Decision({ sweep, chosen }: { readonly sweep: Sweep; readonly chosen: readonly string[] }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<'approve' | 'discard'>();
  const count = chosen.length > 0 ? chosen.length : sweep.held;
  const decide = async (decision: 'approve' | 'discard', reason: string) => {
    await request(`/api/sweeps/${encodeURIComponent(sweep.id)}/${decision}`, {
      method: 'POST',
      body: {
        reason,
        ...(decision === 'approve' ? { count } : {}),
        ...(decision === 'approve' && chosen.length > 0 ? { users: chosen } : {}),
      },
    });
    await client.invalidateQueries({ queryKey: ['sweep', sweep.id] });
    await client.invalidateQueries({ queryKey: ['sweeps'] });
  };
  return (
    <>
      <Row>
        <Button danger style={{ marginTop: 12 }} onClick={() => setAsked('approve')}>
          {chosen.length > 0
            ? `Approve ${plural(count, 'user')} chosen`
            : `Approve all ${plural(count, 'user')}`}
        </Button>
        <Button variant="default" style={{ marginTop: 12 }} onClick={() => setAsked('discard')}>
          Discard
        </Button>
      </Row>
      {asked === 'approve' && (
        <ConfirmDialog
          title={`Deactivate ${plural(count, 'user')}?`}
          confirm={`Deactivate ${plural(count, 'user')}`}
          keep="Leave it held"
          danger
          type={String(count)}
          reason="required"
          onConfirm={(reason) => decide('approve', reason)}
          onClose={() => setAsked(undefined)}
        >
          Each is read at Zitadel once more; who has changed since is left out. The others can no longer sign
          in, and their devices are blocked.
        </ConfirmDialog>
      )}
      {asked === 'discard' && (
        <ConfirmDialog
          title="Discard what this sweep found?"
          confirm="Discard"
          keep="Leave it held"
          reason="required"
          onConfirm={(reason) => decide('discard', reason)}
          onClose={() => setAsked(undefined)}
        >
          Nobody is deactivated. The next sweep looks again, and is held again if nothing has changed.
        </ConfirmDialog>
      )}
    </>
  );
}
