import { Textarea } from '@mantine/core';
import { useRef } from 'react';
import { Button, Row } from '../../parts/index.ts';
import type { Draft } from './draft.ts';

/** The key: by file, pasted, or as a reference to where it lies. It is sent once and never shown again. */
export function SecretStep({
  draft,
  kept,
  onChange,
}: {
  readonly draft: Draft;
  /** Whether there is one already, which stays unless another is given. */
  readonly kept: boolean;
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
            ? 'The JSON file that Zitadel made for the machine user, or a reference: env:NAME or file:/path.'
            : 'A token of a service user in NetBird, or a reference: env:NAME or file:/path.'
        }
        required={!kept}
        {...(kept ? { placeholder: 'set; leave empty to keep it' } : {})}
        autosize
        minRows={3}
        maxRows={8}
        autoComplete="off"
        spellCheck={false}
        value={draft.secret}
        onChange={({ currentTarget }) => onChange({ secret: currentTarget.value })}
      />
      {zitadel && draft.clientId !== '' && (
        <Textarea
          label="Key of the API application"
          description="Its JSON file, or a reference."
          autosize
          minRows={2}
          maxRows={6}
          autoComplete="off"
          spellCheck={false}
          value={draft.clientSecret}
          onChange={({ currentTarget }) => onChange({ clientSecret: currentTarget.value })}
        />
      )}
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
