export { createOpenbao, type Openbao, type OpenbaoOptions } from './openbao.ts';
