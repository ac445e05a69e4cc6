export type { BrowserSignInOptions } from './browser.ts';
export type { DevicePrompt, DeviceSignInOptions } from './device.ts';
export { createSignIn, type SignIn, type SignInOptions } from './sign-in.ts';
export type { Refreshed, TokenCalls } from './token-calls.ts';
export type { SignedIn } from './tokens.ts';
export {
  type BegunSignIn,
  createWebSignIn,
  type WebSignedIn,
  type WebSignIn,
  type WebSignInOptions,
} from './web.ts';
