/** Commands, each loaded when it runs: help and small commands must not wait for what the large ones need. */
export const commands = {
  audit: () => import('./audit/index.ts'),
  config: () => import('./config/index.ts'),
  emulate: () => import('./emulate/index.ts'),
  login: () => import('./login.ts'),
  logout: () => import('./logout.ts'),
  orgs: () => import('./orgs/index.ts'),
  runs: () => import('./runs/index.ts'),
  serve: () => import('./serve.ts'),
  setup: () => import('./setup/index.ts'),
  sync: () => import('./sync/index.ts'),
  token: () => import('./token.ts'),
  users: () => import('./users/index.ts'),
  whoami: () => import('./whoami.ts'),
};
