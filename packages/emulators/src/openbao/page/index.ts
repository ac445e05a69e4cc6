export { isPagePath, servePage } from './page.ts';
