export { type ActiveToken, findActiveToken } from './access-tokens.ts';
export { oidcPaths } from './discovery.ts';
export { isOidcPath, serveOidc } from './server.ts';
