export { askPerson } from './interactive.ts';
export { payloadOf } from './payload.ts';
export { personToken } from './person-token.ts';
export { findSignedIn, openSession, type PersonSession, requestOf } from './session.ts';
