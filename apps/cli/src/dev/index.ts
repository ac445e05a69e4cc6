export { fileLog } from './file-log.ts';
export { type DevPart, devParts } from './parts.ts';
