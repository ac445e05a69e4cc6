export { servePage } from './page.ts';
