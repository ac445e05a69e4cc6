/** Who decided about a run that had stopped, and why; what a step asked elsewhere, and what it was answered. */
export const decisions: readonly string[] = [
  `alter table provisioning_runs
    add column decision text check (decision in ('resume', 'compensate', 'abandon')),
    add column decided_by text,
    add column decided_at timestamptz,
    add column decision_reason text`,
  'alter table provisioning_steps add column exchanges jsonb',
];
