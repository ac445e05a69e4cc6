import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Setting, settingsQuery } from '../../api/index.ts';
import { Button, type Column, DataTable, Empty, PageHeader, Remote, Time } from '../../parts/index.ts';
import { Actor } from '../shared/index.ts';
import { Administrators } from './administrators.tsx';
import { EditSetting } from './edit-setting.tsx';
import { settingName, showValue } from './setting-words.ts';

/** What rules apply everywhere, and who set them? */
export function SiteSettingsPage() {
  const query = useQuery(settingsQuery());
  const [editing, setEditing] = useState<Setting>();
  return (
    <>
      <PageHeader title="Settings">
        The rules of sweeps, the brake and limits, for all organizations, and who may change them.
      </PageHeader>
      <Remote query={query} what="The settings">
        {(items) =>
          items.length === 0 ? (
            <Empty>This server has no settings to change here; they come from its environment.</Empty>
          ) : (
            <DataTable
              label="Settings"
              columns={columns(setEditing)}
              rows={items}
              rowKey={({ key }) => key}
            />
          )
        }
      </Remote>
      <Administrators />
      {editing && <EditSetting setting={editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}

function columns(onEdit: (setting: Setting) => void): readonly Column<Setting>[] {
  return [
    { key: 'name', title: 'Setting', render: ({ key }) => settingName(key) },
    { key: 'value', title: 'Value', render: ({ value }) => <strong>{showValue(value)}</strong> },
    { key: 'effect', title: 'Effect', render: ({ effect }) => effect },
    { key: 'default', title: 'Default', minor: true, render: (setting) => showValue(setting.default) },
    { key: 'source', title: 'From', minor: true, render: (setting) => <Source setting={setting} /> },
    {
      key: 'change',
      title: 'Change',
      render: (setting) =>
        setting.source === 'environment' ? (
          <span className="muted">
            set by <code>{setting.variable ?? 'the environment'}</code>
          </span>
        ) : (
          <Button
            size="compact"
            variant="default"
            aria-label={`Change ${settingName(setting.key)}`}
            onClick={() => onEdit(setting)}
          >
            Change
          </Button>
        ),
    },
  ];
}

function Source({ setting }: { readonly setting: Setting }) {
  if (setting.source !== 'page') return <span>{setting.source}</span>;
  return (
    <span>
      <Actor actor={setting.updatedBy} />, <Time at={setting.updatedAt} />
    </span>
  );
}
