export { exportAudit, listAudit, verifyAudit } from './audit.ts';
