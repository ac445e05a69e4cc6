export { stackDown } from './down.ts';
export { logs } from './logs.ts';
export { stackStatusCommand } from './status.ts';
export { up } from './up.ts';
