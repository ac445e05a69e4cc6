export { createRouter } from './router.ts';
export { type Listening, listen } from './server.ts';
