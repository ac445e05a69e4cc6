export { checks, type Finding, findingOf, type Patient } from './checks.ts';
