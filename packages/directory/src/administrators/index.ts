export {
  addAdministrator,
  listAdministrators,
  removeAdministrator,
  type SiteAdministrator,
} from './administrators.ts';
