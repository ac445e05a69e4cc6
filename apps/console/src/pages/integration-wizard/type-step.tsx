import { Radio, TextInput } from '@mantine/core';
import type { Draft } from './draft.ts';

/** What is joined, and what it is called here. */
export function TypeStep({
  draft,
  onChange,
}: {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}) {
  return (
    <div className="stack" style={{ maxWidth: 480 }}>
      <Radio.Group
        label="What is it?"
        value={draft.type}
        onChange={(value) => onChange({ type: value === 'netbird' ? 'netbird' : 'zitadel' })}
      >
        <div className="stack" style={{ marginTop: 8 }}>
          <Radio
            value="zitadel"
            label="Zitadel"
            description="Who people are: users, organizations, sign-in."
          />
          <Radio value="netbird" label="NetBird" description="Their network: devices, groups." />
        </div>
      </Radio.Group>
      <TextInput
        label="Name"
        description="How it is called here."
        required
        value={draft.name}
        onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
      />
    </div>
  );
}
