export { App } from './app.tsx';
export { createAppRouter } from './router.tsx';
