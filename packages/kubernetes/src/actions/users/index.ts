export { type CreatingEvent, userConsumer } from './consumer.ts';
export type { LoginProvider, SignInStatus } from './profile.ts';
export { createProviderNames, type ProviderNames, parseProviderNames } from './providers.ts';
export { createUserObjects, type NewUser, type Note, type UserObjects } from './user-objects.ts';
