import { TextInput } from '@mantine/core';
import { type Draft, issuerComplaint } from './draft.ts';
import css from './wizard.module.css';

const applications = [
  ['clientId', 'API: client id', 'Introspects the tokens of callers.'],
  ['webClientId', 'Console: client id', 'Signs people in to their organization.'],
  ['managementClientId', 'Management: client id', 'Signs site administrators in.'],
] as const;

/** Issuer and address apart: mixing them up is the commonest mistake with Zitadel. */
export function AddressStep({
  draft,
  onChange,
}: {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}) {
  const host = hostOf(draft.issuer);
  return (
    <div className="stack" style={{ maxWidth: 560 }}>
      <TextInput
        label={draft.type === 'zitadel' ? 'Issuer' : 'URL of the management API'}
        description={
          draft.type === 'zitadel'
            ? 'The URL that identifies the instance, exactly as Zitadel’s console has it.'
            : 'As NetBird’s dashboard calls it.'
        }
        placeholder="https://sso.example.com"
        required
        error={issuerComplaint(draft.issuer)}
        value={draft.issuer}
        onChange={({ currentTarget }) => onChange({ issuer: currentTarget.value.trim() })}
      />
      <TextInput
        label="Address (optional)"
        description="Where its port is, if not where the name leads: host, host:port or URL."
        placeholder="10.0.3.7:8443"
        value={draft.address}
        onChange={({ currentTarget }) => onChange({ address: currentTarget.value.trim() })}
      />
      {draft.type === 'zitadel' && (
        <TextInput
          label="Project id"
          description="The project whose roles are given to people."
          value={draft.projectId}
          onChange={({ currentTarget }) => onChange({ projectId: currentTarget.value.trim() })}
        />
      )}
      {draft.type === 'zitadel' && (
        <details>
          <summary>Applications at Zitadel, as drawbridge setup zitadel makes them</summary>
          <div className="stack">
            {applications.map(([name, label, description]) => (
              <TextInput
                key={name}
                label={label}
                description={description}
                value={draft[name]}
                onChange={({ currentTarget }) => onChange({ [name]: currentTarget.value.trim() })}
              />
            ))}
          </div>
        </details>
      )}
      <p className={css.picture}>
        name <code>{host}</code> → port <code>{draft.address || host}</code>
        <small className="muted">
          The name goes into every request and certificate check; only the connection goes to the port.
        </small>
      </p>
    </div>
  );
}

function hostOf(issuer: string): string {
  return issuerComplaint(issuer) === undefined && issuer !== '' ? new URL(issuer).host : 'sso.example.com';
}
