export { type Answer, Call, type Handler } from './call.ts';
export { emulatedVersion } from './instance.ts';
export { handlers } from './table.ts';
