/** What imports came to need: a worker's hold on one, and why a file was refused. */
export const imports: readonly string[] = [
  `alter table imports
    add column lease_owner text,
    add column lease_until timestamptz,
    add column mails integer not null default 0,
    add column reason_code text`,
  "create index imports_open on imports (id) where state in ('reading', 'running', 'stopping')",
  // Runs of a row are found by their row, and rows of a page by what became of them.
  'create index import_rows_run on import_rows (run_id) where run_id is not null',
];
