export { type ActiveToken, findActiveToken } from './access-tokens.ts';
export { isOidcPath, serveOidc } from './server.ts';
