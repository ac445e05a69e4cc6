export { DirectoryClient, type NewUser, type Run, type Step, type User } from './directory-client.ts';
