export { OrganizationAuditPage, SiteAuditPage } from './audit-page.tsx';
