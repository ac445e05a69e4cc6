import { Select, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request, type Setting } from '../../api/index.ts';
import { ConfirmDialog, confirmToast } from '../../parts/index.ts';
import { dangerOf, settingName, showValue } from './setting-words.ts';

/** Changes one rule; shows what it was and what it will be. */
export function EditSetting({
  setting,
  onClose,
}: {
  readonly setting: Setting;
  readonly onClose: () => void;
}) {
  const client = useQueryClient();
  const [value, setValue] = useState<unknown>(setting.value);
  const name = settingName(setting.key);
  const danger = dangerOf(setting.key, value);
  const save = async (reason: string) => {
    await request(`/api/settings/${encodeURIComponent(setting.key)}`, {
      method: 'PUT',
      body: { value, reason },
      version: setting.version,
    });
    await client.invalidateQueries({ queryKey: ['settings'] });
    confirmToast(`${name}: ${showValue(value)}`);
  };
  return (
    <ConfirmDialog
      title={`Change “${name}”?`}
      confirm="Save change"
      keep="Keep as it is"
      danger={danger !== undefined}
      reason="required"
      {...(danger === undefined ? {} : { type: 'OFF' })}
      onConfirm={save}
      onClose={onClose}
    >
      <div className="stack">
        <ValueInput setting={setting} value={value} onChange={setValue} />
        <p style={{ margin: 0 }}>
          From <strong>{showValue(setting.value)}</strong> to <strong>{showValue(value)}</strong>. The default
          is {showValue(setting.default)}.
        </p>
        {danger && <div className="band">{danger}</div>}
      </div>
    </ConfirmDialog>
  );
}

function ValueInput({
  setting,
  value,
  onChange,
}: {
  readonly setting: Setting;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  if (typeof setting.default === 'boolean') {
    return (
      <Switch
        label="On"
        checked={value === true}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  }
  if (setting.key === 'sync.conflictRule') {
    return (
      <Select
        label="Rule"
        allowDeselect={false}
        data={['zitadel', 'stricter'].map((rule) => ({ value: rule, label: showValue(rule) }))}
        value={String(value as string)}
        onChange={onChange}
      />
    );
  }
  if (typeof setting.default === 'number') {
    return (
      <TextInput
        type="number"
        label="Value"
        value={String(value as number)}
        onChange={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
    );
  }
  return (
    <TextInput
      label="Value"
      value={String(value as string)}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
