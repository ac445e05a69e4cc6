export { DirectoryClient, type Run, type Step, type User } from './directory-client.ts';
