export {
  type CallHeaders,
  createReceiver,
  type InvalidBody,
  type ReceiveOutcome,
  type Receiver,
  type ReceiverOptions,
} from './receiver.ts';
export { addReceiverRoute, defaultReceiverPath, type ReceiverChoice, type ReceiverRoute } from './route.ts';
export { checkSignature, type SignatureCheck, type SignatureProblem } from './signature.ts';
export { createSigningKeys, type SigningKeys, type SigningKeysOptions } from './signing-keys.ts';
