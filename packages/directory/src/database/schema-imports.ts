import type { Json, Time, WithDefault } from './columns.ts';

/** State of an import: `checked` is a dry run that waits to be started. */
export type ImportState = 'reading' | 'checked' | 'running' | 'stopping' | 'stopped' | 'done' | 'refused';

/** `imports`: one CSV file of users. */
export interface ImportTable {
  id: string;
  organization_id: string;
  file_name: string;
  state: ImportState;
  requested_by: string;
  request_id: string | null;
  /** Why the file was refused. */
  reason_code: WithDefault<string | null>;
  reason: WithDefault<string | null>;
  total: WithDefault<number>;
  /** Invitations that the dry run expects. */
  mails: WithDefault<number>;
  skip_refused: WithDefault<boolean>;
  created_at: Time;
  started_at: WithDefault<Date | null>;
  finished_at: WithDefault<Date | null>;
  /** Which worker starts its rows, and until when it counts as alive. */
  lease_owner: WithDefault<string | null>;
  lease_until: WithDefault<Date | null>;
}

/** `import_rows`: a line of the file, what would become of it, and the run that does it. */
export interface ImportRowTable {
  import_id: string;
  /** Line in the file, at which the row ends; the header is 1. */
  row: number;
  plan: 'create' | 'change' | 'same' | 'refuse';
  state: 'planned' | 'started' | 'failed';
  content: Json<Record<string, string>>;
  user_id: WithDefault<string | null>;
  run_id: WithDefault<string | null>;
  /** Column that is wrong. */
  field: WithDefault<string | null>;
  code: WithDefault<string | null>;
  message: WithDefault<string | null>;
}
