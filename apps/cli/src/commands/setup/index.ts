export { setupDirectory } from './directory.ts';
export { setupOpenbao } from './openbao.ts';
export { setupZitadel } from './zitadel.ts';
