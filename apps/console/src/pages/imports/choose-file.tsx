import { Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type DragEvent, useRef, useState } from 'react';
import { useOrganization } from '../../access/index.ts';
import { type Import, request } from '../../api/index.ts';
import { Button, ProblemPanel, Row } from '../../parts/index.ts';
import css from './imports.module.css';

const uploadMs = 120_000;

/** Takes a CSV file, dropped, chosen or pasted, and starts its dry run. */
export function ChooseFile({ organization }: { readonly organization: string }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [pasted, setPasted] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();

  const check = async (fileName: string, body: string) => {
    setBusy(true);
    setFailure(undefined);
    try {
      const made = await request<Import>('/api/imports', {
        method: 'POST',
        query: { organization, fileName },
        body,
        contentType: 'text/csv',
        timeoutMs: uploadMs,
      });
      await client.invalidateQueries({ queryKey: ['imports'] });
      await navigate({ to: '/o/$org/imports/$id', params: { org: slug, id: made.id } });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const take = async (file: File | undefined) => {
    if (file) await check(file.name, await file.text());
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    <div className="stack">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the one for all */}
      <div
        className={css.drop}
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <p>
          A header row with <code>email,given_name,family_name,role</code>, then one person a row. Drop the
          file here, or
        </p>
        <input
          ref={input}
          className={css.file}
          type="file"
          accept=".csv,text/csv"
          aria-label="CSV file"
          tabIndex={-1}
          onChange={({ currentTarget }) => void take(currentTarget.files?.[0])}
        />
        <Button loading={busy} onClick={() => input.current?.click()}>
          Choose a CSV file
        </Button>
      </div>
      <details>
        <summary>Or paste the rows</summary>
        <Textarea
          mt="sm"
          autosize
          minRows={4}
          maxRows={12}
          aria-label="Rows"
          placeholder={'email,given_name,family_name,role\nada@example.com,Ada,Okafor,user'}
          value={pasted}
          onChange={({ currentTarget }) => setPasted(currentTarget.value)}
        />
        <Row>
          <Button
            style={{ marginTop: 12 }}
            variant="default"
            disabled={pasted.trim() === ''}
            loading={busy}
            onClick={() => void check('pasted.csv', pasted)}
          >
            Check these rows
          </Button>
        </Row>
      </details>
      {failure !== undefined && <ProblemPanel error={failure} what="The file was not taken" />}
    </div>
  );
}
