export { OrganizationSweepsPage, SiteSweepsPage } from './sweeps-page.tsx';
