export { apiserver } from './apiserver.ts';
