export { IntegrationWizardPage } from './wizard-page.tsx';
