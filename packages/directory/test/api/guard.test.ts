import { createHttpServer } from '@drawbridge/kit';
import { expect, it } from 'vitest';
import { guard } from '../../src/api/access.ts';
import type { Database } from '../../src/database/index.ts';
import { namesAsTokens } from '../support/world.ts';

it('a route that declares no access keeps the server from starting', async () => {
  const { app } = await createHttpServer({ name: 'test', port: 0 });
  guard(app, {
    authenticator: namesAsTokens,
    sessions: undefined,
    limiter: undefined,
    database: {} as Database,
    open: new Set(['/api/open']),
  });
  app.get('/api/open', async () => 'x');
  app.get('/elsewhere', async () => 'x');
  expect(() => app.get('/api/forgotten', async () => 'x')).toThrow('GET /api/forgotten declares no access');
  await app.close();
});
