export { type AuditVerification, sealAudit, verifyAudit } from './chain.ts';
export { type AuditEntry, recordAudit } from './record.ts';
