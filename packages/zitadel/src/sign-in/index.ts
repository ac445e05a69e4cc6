export type { BrowserSignInOptions } from './browser.ts';
export type { DevicePrompt, DeviceSignInOptions } from './device.ts';
export { createSignIn, type Refreshed, type SignIn, type SignInOptions } from './sign-in.ts';
export type { SignedIn } from './tokens.ts';
