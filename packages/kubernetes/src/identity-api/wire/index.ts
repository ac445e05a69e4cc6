export { type MediaType, parseAccept } from './accept.ts';
export { ageOf, humanDuration, leftUntil } from './age.ts';
export { type ReadBody, readBody } from './body.ts';
export { encodingOf, type Negotiated, negotiate, negotiateEncoding, notAcceptable } from './negotiate.ts';
export type { Cell, Column, Entry, ListMeta, VirtualMeta, VirtualObject } from './object.ts';
export { type Rendering, renderList, renderObject } from './render.ts';
export { asItIs, send } from './respond.ts';
export {
  alreadyExists,
  badRequest,
  conflict,
  forbidden,
  invalid,
  notSupported,
  objectNotFound,
  type ResourceName,
  type Status,
  type StatusCause,
  type StatusDetails,
  StatusError,
  statusFormat,
  unauthorized,
} from './status.ts';
