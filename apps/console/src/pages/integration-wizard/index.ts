export function IntegrationWizardPage() {
  return null;
}
