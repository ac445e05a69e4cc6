export function OrganizationSweepPage() {
  return null;
}
export function SiteSweepPage() {
  return null;
}
