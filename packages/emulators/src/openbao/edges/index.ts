export { createRouter } from './router.ts';
export { listen } from './server.ts';
