export { bytesOf, bytesText } from './quantity.ts';
export type { Reason } from './reason.ts';
export { requestedMemory } from './scheduling.ts';
export { whyNoPod } from './why-no-pod.ts';
export { isReady, whyNotReady } from './why-not-ready.ts';
