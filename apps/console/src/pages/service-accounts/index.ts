export function ServiceAccountsPage() {
  return null;
}
