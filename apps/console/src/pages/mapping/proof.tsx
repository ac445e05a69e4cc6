import type { ZitadelOrganization } from '../../api/index.ts';
import { Button, Copyable, Facts, Row } from '../../parts/index.ts';

/** What Zitadel says of the organization picked, so that nobody takes the wrong one of two alike. */
export function Proof({
  id,
  target,
  onBack,
  onNext,
}: {
  readonly id: string;
  readonly target: ZitadelOrganization | undefined;
  readonly onBack: () => void;
  readonly onNext: () => void;
}) {
  return (
    <div className="stack">
      {target ? (
        <Facts
          items={[
            ['Name', target.name],
            ['Id', <Copyable key="id" value={target.id} label="organization id" max={40} />],
            ['Primary domain', target.primaryDomain ?? '–'],
            ['State', target.state ?? '–'],
          ]}
        />
      ) : (
        <p>
          Not read from Zitadel yet: <Copyable value={id} label="organization id" max={40} />
        </p>
      )}
      <Row>
        <Button disabled={!target} onClick={onNext}>
          This is the one
        </Button>
        <Button variant="default" onClick={onBack}>
          Pick another
        </Button>
      </Row>
    </div>
  );
}
