export { type AuditVerification, sealAudit, verifyAudit } from './chain.ts';
export type { AuditFilter, WithoutAudit } from './filter.ts';
export {
  type AuditPage,
  type AuditRow,
  countAudit,
  type ListAudit,
  listAudit,
  streamAudit,
} from './list.ts';
export { type AuditEntry, recordAudit } from './record.ts';
