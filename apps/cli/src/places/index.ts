/** Where people sign in and which OpenBao is meant: found out without loading anything that talks to them. */
export { findOpenbao, type OpenbaoPlace } from './openbao.ts';
export { type OpenbaoProfile, type Profile, readProfile, removeProfile, writeProfile } from './profile.ts';
export { findPlace, requirePlace, type SignInPlace } from './sign-in.ts';
export { keepPlaces, notePlace, tokensFolder, type UsedPlace, usedPlaces, valuesFolder } from './used.ts';
