export { dexUserId, netbirdIdsOf, type Subject, subjectOf } from './dex-id.ts';
