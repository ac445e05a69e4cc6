export { type Exchange, ExchangeRecorder, type ExchangeSystem, recordedClient } from './record.ts';
export { redactBody } from './redact.ts';
