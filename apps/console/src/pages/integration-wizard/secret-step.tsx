import { Button, Textarea } from '@mantine/core';
import { useRef } from 'react';
import { Row } from '../../parts/index.ts';
import type { Draft } from './draft.ts';

/** The key: by file, pasted, or as a reference to where it lies. It is sent once and never shown again. */
export function SecretStep({
  draft,
  onChange,
}: {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const zitadel = draft.type === 'zitadel';
  return (
    <div className="stack" style={{ maxWidth: 560 }}>
      <Textarea
        label={zitadel ? 'Service account key' : 'Access token'}
        description={
          zitadel
            ? 'The JSON file that Zitadel made for the machine user, or a reference: env:NAME, file:/path, openbao:path#field.'
            : 'A token of a service user in NetBird, or a reference: env:NAME, openbao:path#field.'
        }
        required
        autosize
        minRows={3}
        maxRows={8}
        autoComplete="off"
        spellCheck={false}
        value={draft.secret}
        onChange={({ currentTarget }) => onChange({ secret: currentTarget.value })}
      />
      <Row>
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          hidden
          aria-label="Key file"
          onChange={({ currentTarget }) =>
            void currentTarget.files?.[0]?.text().then((secret) => onChange({ secret }))
          }
        />
        <Button variant="default" onClick={() => input.current?.click()}>
          Choose key file
        </Button>
      </Row>
    </div>
  );
}
