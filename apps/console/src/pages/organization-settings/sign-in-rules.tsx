import { Select, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Needs, useOrganization } from '../../access/index.ts';
import { type Organization, request } from '../../api/index.ts';
import { Button, ConfirmDialog, confirmToast, Row } from '../../parts/index.ts';

const ways = [
  { value: 'invite', label: 'Invitation by mail' },
  { value: 'password', label: 'Password set by an administrator' },
  { value: 'idp', label: 'The organization’s own identity provider' },
];

/** Name, first sign-in and whether administrators manage users: shown, changed, and confirmed with a reason. */
export function SignInRules({ organization }: { readonly organization: Organization }) {
  const { can } = useOrganization();
  const client = useQueryClient();
  const before = {
    name: organization.name,
    signIn: organization.signIn ?? 'invite',
    identityProviderId: organization.identityProviderId ?? '',
    adminsManageUsers: organization.adminsManageUsers ?? false,
    netbirdGroups: (organization.netbirdGroups ?? []).join(', '),
  };
  const [fields, setFields] = useState(before);
  const [saving, setSaving] = useState(false);
  const changed = Object.entries(fields).filter(
    ([key, value]) => value !== before[key as keyof typeof before],
  );
  const save = async (reason: string) => {
    await request(`/api/organizations/${encodeURIComponent(organization.id)}`, {
      method: 'PATCH',
      body: {
        ...Object.fromEntries(changed.map(([key, value]) => [key, toSend(key, value)])),
        reason,
      },
      version: organization.version,
    });
    await client.invalidateQueries({ queryKey: ['organization', organization.id] });
    await client.invalidateQueries({ queryKey: ['me'] });
    confirmToast('Settings saved');
  };
  return (
    <div className="stack" style={{ maxWidth: 480 }}>
      <TextInput
        label="Name"
        value={fields.name}
        disabled={!can('settings.write')}
        onChange={({ currentTarget }) => setFields({ ...fields, name: currentTarget.value })}
      />
      <Select
        label="First sign-in of new people"
        allowDeselect={false}
        data={ways}
        value={fields.signIn}
        disabled={!can('settings.write')}
        onChange={(value) =>
          setFields({ ...fields, signIn: (value as typeof fields.signIn | null) ?? fields.signIn })
        }
      />
      {fields.signIn === 'idp' && (
        <TextInput
          label="Identity provider at Zitadel"
          description="Its id, as Zitadel’s console shows it."
          value={fields.identityProviderId}
          onChange={({ currentTarget }) => setFields({ ...fields, identityProviderId: currentTarget.value })}
        />
      )}
      <TextInput
        label="Groups in NetBird"
        description="Every user of the organization is in them; names, with commas between."
        value={fields.netbirdGroups}
        disabled={!can('settings.write')}
        onChange={({ currentTarget }) => setFields({ ...fields, netbirdGroups: currentTarget.value })}
      />
      <Switch
        label="Administrators of the organization manage its users at Zitadel too"
        checked={fields.adminsManageUsers}
        disabled={!can('settings.write')}
        onChange={({ currentTarget }) => setFields({ ...fields, adminsManageUsers: currentTarget.checked })}
      />
      <Row>
        <Button disabled={changed.length === 0 || !can('settings.write')} onClick={() => setSaving(true)}>
          Save settings
        </Button>
        {!can('settings.write') && <Needs permission="settings.write" to="change this" />}
      </Row>
      {saving && (
        <ConfirmDialog
          title={`Change the settings of ${organization.name}?`}
          confirm="Save settings"
          keep="Keep as they are"
          reason="required"
          onConfirm={save}
          onClose={() => setSaving(false)}
        >
          <ul>
            {changed.map(([key, value]) => (
              <li key={key}>
                {labels[key as keyof typeof labels]}: {String(before[key as keyof typeof before]) || '–'} →{' '}
                {String(value) || '–'}
              </li>
            ))}
          </ul>
        </ConfirmDialog>
      )}
    </div>
  );
}

const labels = {
  name: 'Name',
  signIn: 'First sign-in',
  identityProviderId: 'Identity provider',
  netbirdGroups: 'Groups in NetBird',
  adminsManageUsers: 'Administrators manage users at Zitadel',
} as const;

/** A field as the API takes it. */
function toSend(key: string, value: string | boolean): unknown {
  if (key === 'netbirdGroups') {
    return String(value)
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  }
  return value === '' ? null : value;
}
