export { currentRequestId, withRequestId } from './request-id.ts';
