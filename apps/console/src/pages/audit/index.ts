export function OrganizationAuditPage() {
  return null;
}
export function SiteAuditPage() {
  return null;
}
