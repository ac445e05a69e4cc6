import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDirectoryClient, DirectoryProblem, type FetchLike } from '@drawbridge/directory/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../support/databases.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';
import { namesAsTokens } from '../support/world.ts';

describe.each(databases)('the client on $name', (kind) => {
  let world: WebWorld;
  beforeAll(async () => {
    world = await openWebWorld(kind, { authenticator: namesAsTokens });
  });
  afterAll(() => world.close());
  const as = (name: string) =>
    createDirectoryClient({ baseUrl: `${world.directory.url}/`, token: () => name });

  describe('the typed client', () => {
    it('asks and answers with the types of the API', async () => {
      const ada = as('ada');
      const me = await ada.call('GET /api/me');
      expect(me.organizations.map(({ slug }) => slug)).toEqual(['north']);
      const made = await ada.exchange('POST /api/users', {
        headers: { 'idempotency-key': 'k1', prefer: 'wait=20' },
        body: { organization: 'north', email: 'new@north.example', givenName: 'N', familyName: 'N' },
      });
      expect(made).toMatchObject({ status: 202, location: `/api/runs/${made.answer.run.id}` });
      const { id } = made.answer.user;
      const list = await ada.call('GET /api/users', {
        query: { organization: 'north', limit: 10, count: true },
      });
      expect(list.items.map((user) => user.id)).toContain(id);
      const read = await ada.exchange('GET /api/users/{id}', { params: { id } });
      expect(read.etag).toMatch(/^"v\d+/);
      const change = { params: { id }, body: { givenName: 'Changed' }, headers: { 'if-match': read.etag } };
      expect((await ada.call('PATCH /api/users/{id}', change)).user.id).toBe(id);
    });

    it('throws the problem that the API answers, and one of its own for what is none', async () => {
      const refused = as('sam').call('GET /api/users/{id}', { params: { id: 'a/../b?c' } });
      await expect(refused).rejects.toBeInstanceOf(DirectoryProblem);
      await expect(refused).rejects.toMatchObject({ status: 404, code: 'not_found' });
      const page: FetchLike = async () =>
        new Response('<h1>502 from a proxy with a token eyJ', { status: 502 });
      const proxied = createDirectoryClient({ fetch: page }).call('GET /api/me');
      await expect(proxied).rejects.toMatchObject({ status: 502, code: 'invalid_response' });
      await expect(proxied).rejects.not.toThrow('eyJ');
      const broken: FetchLike = async () =>
        new Response('{', { headers: { 'content-type': 'application/json' } });
      await expect(createDirectoryClient({ fetch: broken }).call('GET /api/me')).rejects.toMatchObject({
        code: 'invalid_response',
      });
    });

    it('sends the CSRF token of a session with what changes something, and never a token beside it', async () => {
      const sent: Record<string, string>[] = [];
      const fetch: FetchLike = async (_url, init) => {
        sent.push(init.headers);
        return new Response('{}', { headers: { 'content-type': 'application/json' } });
      };
      const client = createDirectoryClient({ fetch, csrfToken: () => 'csrf' });
      await client.call('GET /api/me');
      await client.call('DELETE /api/me/acting');
      expect(sent.map((headers) => headers['x-csrf-token'])).toEqual([undefined, 'csrf']);
      expect(sent.some((headers) => 'authorization' in headers)).toBe(false);
    });

    it('needs nothing of Node', () => {
      const folder = join(import.meta.dirname, '../../src/client');
      const imports = readdirSync(folder).flatMap((file) =>
        [...readFileSync(join(folder, file), 'utf8').matchAll(/from '([^']+)'/g)].map(([, name]) => name),
      );
      expect(new Set(imports.filter((name) => !name?.startsWith('./')))).toEqual(
        new Set(['@drawbridge/directory/client']),
      );
    });
  });
});
