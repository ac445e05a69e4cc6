export { addApi } from './api.ts';
export type { Acting, BrowserSession, BrowserSessions } from './browser-sessions.ts';
export type { Authenticator, Caller, Permission } from './caller.ts';
export { type LimiterOptions, RequestLimiter, type RequestLimits } from './limits.ts';
export { collectRoutes, type Route } from './route-list.ts';
