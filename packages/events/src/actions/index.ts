export type {
  ActionBody,
  CallBody,
  FunctionBody,
  FunctionGrant,
  FunctionReply,
  FunctionUser,
} from './bodies.ts';
export type { DecryptionKeys } from './decryption-keys.ts';
export {
  type ActionPayload,
  type ActionPayloads,
  type ActionPayloadsOptions,
  createActionPayloads,
  type PayloadFormat,
} from './payloads.ts';
