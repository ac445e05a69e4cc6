import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CurrentOrganization } from '../access/index.ts';
import { request } from '../api/index.ts';
import { Button, ConfirmDialog } from '../parts/index.ts';

/** Says that somebody is in an organization that is not theirs; changes there need a reason once, which is audited. */
export function ActingBand({
  organization,
  acting,
}: {
  readonly organization: CurrentOrganization;
  readonly acting: boolean;
}) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const change = async (method: 'POST' | 'DELETE', reason?: string) => {
    await request('/api/me/acting', {
      method,
      ...(reason === undefined ? {} : { body: { organization: organization.id, reason } }),
    });
    await client.invalidateQueries({ queryKey: ['me'] });
  };
  return (
    <div className="band" role="note">
      {acting ? (
        <>
          <span>You act in {organization.name} as site administrator.</span>
          <Button size="compact" variant="plain" onClick={() => void change('DELETE')}>
            Leave
          </Button>
        </>
      ) : (
        <>
          <span>
            You look at {organization.name} as site administrator. To change something here, say why first.
          </span>
          <Button size="compact" variant="plain" onClick={() => setAsking(true)}>
            Give a reason
          </Button>
        </>
      )}
      {asking && (
        <ConfirmDialog
          title={`Act in ${organization.name}?`}
          confirm={`Act in ${organization.name}`}
          keep="Only look"
          reason="required"
          onConfirm={(reason) => change('POST', reason)}
          onClose={() => setAsking(false)}
        >
          Its administrators see in their audit log that you acted here, and why.
        </ConfirmDialog>
      )}
    </div>
  );
}
