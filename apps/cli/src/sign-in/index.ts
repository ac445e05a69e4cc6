export { askPerson } from './interactive.ts';
export { payloadOf } from './payload.ts';
export { personToken } from './person-token.ts';
export { findPlace, requirePlace, type SignInPlace } from './place.ts';
export { type OpenbaoProfile, type Profile, readProfile, removeProfile, writeProfile } from './profile.ts';
export { findSignedIn, openSession, type PersonSession, requestOf, sessionsFolder } from './session.ts';
