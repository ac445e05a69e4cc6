export { OrganizationSettingsPage } from './organization-settings-page.tsx';
