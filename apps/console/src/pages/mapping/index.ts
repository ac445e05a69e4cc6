export { MappingPage } from './mapping-page.tsx';
