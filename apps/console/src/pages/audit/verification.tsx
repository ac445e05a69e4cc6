import { useQuery } from '@tanstack/react-query';
import { auditVerificationQuery, problemOf } from '../../api/index.ts';
import { formatClock, formatCount, StateBadge } from '../../parts/index.ts';

/** Whether the chain of records holds: nobody took one out or changed one. */
export function Verification({ organization }: { readonly organization: string | undefined }) {
  const query = useQuery(auditVerificationQuery(organization));
  if (query.error) {
    return (
      <span>
        <StateBadge state="unknown" /> The chain could not be verified: {problemOf(query.error).title}
      </span>
    );
  }
  if (!query.data) return null;
  const { checked, unsealed, through, brokenAt } = query.data;
  if (brokenAt !== null) {
    return (
      <strong role="alert">
        <StateBadge state="failed" /> The chain breaks at record {brokenAt}: something was changed or taken
        out.
      </strong>
    );
  }
  const young = unsealed > 0 ? ` ${formatCount(unsealed)} are too young to be sealed.` : '';
  if (through === null) return <span>Nothing is sealed yet.{young}</span>;
  return (
    <span>
      Chain verified to {formatClock(Date.parse(through))}, {formatCount(checked)} records.{young}
    </span>
  );
}
