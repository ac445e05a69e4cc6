import type { CodeInfo } from './code-info.ts';

/** Codes of the directory, its database and its provisioning runs. */
export const directoryCodes = {
  database_unavailable: {
    status: 503,
    exit: 5,
    reason: 'ServiceUnavailable',
    message: 'The database does not answer.',
    fix: 'Check DATABASE_URL and that PostgreSQL runs.',
  },
} satisfies Record<string, CodeInfo>;
