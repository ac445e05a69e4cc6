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
  const { ok, checked, at, brokenAt } = query.data;
  if (ok) {
    return (
      <span>
        Chain verified to {formatClock(Date.parse(at))}, {formatCount(checked)} records.
      </span>
    );
  }
  return (
    <strong role="alert">
      <StateBadge state="failed" /> The chain breaks{brokenAt ? ` at ${brokenAt}` : ''}: a record was changed
      or taken out.
    </strong>
  );
}
