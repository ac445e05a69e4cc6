import { useState } from 'react';
import { Acknowledge, Button, Dialog, Row } from '../../parts/index.ts';

/** A new key, shown this once: it is stored before the window closes, or it is lost. */
export function NewKey({
  content,
  name,
  onClose,
}: {
  readonly content: unknown;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const [stored, setStored] = useState(false);
  const text = JSON.stringify(content, null, 2);
  const download = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-key.json`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Dialog title={`New key of ${name}`} onClose={() => stored && onClose()}>
      <p>It cannot be shown again. Put it where the program reads it, and nowhere else.</p>
      <Row>
        <Button onClick={download}>Download key</Button>
      </Row>
      <Acknowledge label="I have stored it" checked={stored} onChange={setStored} />
      <Row>
        <Button style={{ marginTop: 12 }} variant="default" disabled={!stored} onClick={onClose}>
          Close
        </Button>
      </Row>
    </Dialog>
  );
}
