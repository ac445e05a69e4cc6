export function OrganizationSweepsPage() {
  return null;
}
export function SiteSweepsPage() {
  return null;
}
