export { OrganizationSweepPage, SiteSweepPage } from './sweep-page.tsx';
