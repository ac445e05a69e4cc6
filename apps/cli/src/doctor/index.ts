export { checks, type Patient } from './checks.ts';
