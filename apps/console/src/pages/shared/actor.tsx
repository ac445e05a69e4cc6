import { Link } from '@tanstack/react-router';
import { useMe, useOrganization } from '../../access/index.ts';
import { Copyable } from '../../parts/index.ts';

/** Who did something: oneself, a program of Drawbridge, a sweep, or the subject at Zitadel. */
export function Actor({
  actor,
  name,
}: {
  readonly actor: string | null | undefined;
  readonly name?: string | null | undefined;
}) {
  const me = useMe();
  if (actor === null || actor === undefined || actor === '') return <span>–</span>;
  if (actor === me.subject || actor === me.userId) return <span>you</span>;
  if (name) return <span title={actor}>{name}</span>;
  if (/^[a-z][a-z-]*$/.test(actor)) return <span>{actor}</span>;
  const sweep = /^sweep[:/ ](.+)$/.exec(actor)?.[1];
  if (sweep) return <SweepLink id={sweep} />;
  return <Copyable value={actor} label="actor" max={20} />;
}

function SweepLink({ id }: { readonly id: string }) {
  const { slug } = useOrganization();
  return (
    <Link to="/o/$org/sweeps/$id" params={{ org: slug, id }}>
      sweep {id.slice(-6)}
    </Link>
  );
}
