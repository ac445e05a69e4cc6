import { useMe, useOrganizationIfAny } from '../../access/index.ts';
import { withQuery } from '../../api/index.ts';
import { Copyable, Go, path } from '../../parts/index.ts';

/** Who did something: oneself, a program of Drawbridge, a sweep, or the subject at Zitadel. Leads to what else they did. */
export function Actor({
  actor,
  name,
}: {
  readonly actor: string | null | undefined;
  readonly name?: string | null | undefined;
}) {
  const me = useMe();
  if (actor === null || actor === undefined || actor === '') return <span>–</span>;
  const sweep = /^sweep[:/ ](.+)$/.exec(actor)?.[1];
  if (sweep) return <SweepLink id={sweep} />;
  const words = actor === me.subject || actor === me.userId ? 'you' : (name ?? wordOf(actor));
  if (words === undefined) return <Copyable value={actor} label="actor" max={20} />;
  return <Deeds actor={actor} words={words} />;
}

/** Programs are called by a word; people have ids with digits. */
function wordOf(actor: string): string | undefined {
  return /^[a-z][a-z-]*$/.test(actor) ? actor : undefined;
}

function Deeds({ actor, words }: { readonly actor: string; readonly words: string }) {
  const organization = useOrganizationIfAny();
  const { siteAdministrator } = useMe();
  const audit = auditOf(organization, siteAdministrator);
  if (audit === undefined) return <span title={actor}>{words}</span>;
  return <Go href={withQuery(audit, { q: `actor:"${actor}"` })}>{words}</Go>;
}

function auditOf(
  organization: ReturnType<typeof useOrganizationIfAny>,
  siteAdministrator: boolean,
): string | undefined {
  if (!organization) return siteAdministrator ? '/site/audit' : undefined;
  return organization.can('audit.read') ? path`/o/${organization.slug}/audit` : undefined;
}

function SweepLink({ id }: { readonly id: string }) {
  const organization = useOrganizationIfAny();
  const href = organization ? path`/o/${organization.slug}/sweeps/${id}` : path`/site/sweeps/${id}`;
  return <Go href={href}>sweep {id.slice(-6)}</Go>;
}
