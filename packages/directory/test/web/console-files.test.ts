import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gunzipSync } from 'node:zlib';
import { type Directory, openDirectory } from '@drawbridge/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../support/databases.ts';

describe.each(databases)('console files on $name', (kind) => {
  let folder: string;
  let directory: Directory;
  let drop: () => Promise<void>;
  const script = `console.log(${JSON.stringify('x'.repeat(3_000))})`;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drawbridge-console-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<script type="module" src="/assets/app-1.js"></script>');
    await writeFile(join(folder, 'assets/app-1.js'), script);
    await writeFile(join(folder, 'assets/app-1.js.map'), '{}');
    await writeFile(join(folder, 'assets/style-1.css'), 'a{}');
    await writeFile(join(folder, 'assets/style-1.css.br'), brotliCompressSync('a{}'));
    await writeFile(join(folder, 'favicon.svg'), '<svg/>');
    const own = await kind.location();
    drop = own.close;
    directory = await openDirectory({ database: own.location, port: 0, consoleFolder: folder });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await drop();
    await rm(folder, { recursive: true, force: true });
  });

  /** By Node's own client: fetch would tidy paths up and unpack answers. */
  function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
    return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
      (resolve, reject) => {
        const { hostname, port } = new URL(directory.url);
        const sent = request({ hostname, port, path, headers, method }, (answer) => {
          const pieces: Buffer[] = [];
          answer.on('data', (piece: Buffer) => pieces.push(piece));
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces) }),
          );
        });
        sent.on('error', reject);
        sent.end();
      },
    );
  }
  const html = { accept: 'text/html,*/*' };

  describe('the console', () => {
    it.each(['/', '/o/north/users', '/index.html', '/o/a.b/users?x=1'])(
      'is index.html at %s, asked about each time, with a policy that runs nothing inline',
      async (path) => {
        const answer = await get(path, html);
        expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } });
        const policy = String(answer.headers['content-security-policy']);
        expect(policy).toContain("default-src 'none'");
        expect(policy).toContain("script-src 'self';");
        expect(policy).toContain("frame-ancestors 'none'");
        expect(policy).not.toMatch(/script-src[^;]*unsafe|eval|\*/);
        expect(answer.body.toString()).toContain('/assets/app-1.js');
        const known = { ...html, 'if-none-match': String(answer.headers.etag) };
        expect(await get(path, known)).toMatchObject({ status: 304, body: Buffer.alloc(0) });
      },
    );

    it('has files with hashed names that are kept for ever, compressed where the browser takes it', async () => {
      const packed = await get('/assets/app-1.js', { 'accept-encoding': 'gzip, br' });
      expect(packed.headers).toMatchObject({
        'content-encoding': 'gzip',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'text/javascript; charset=utf-8',
        vary: 'accept-encoding',
        'x-content-type-options': 'nosniff',
      });
      expect(gunzipSync(packed.body).toString()).toBe(script);
      expect((await get('/assets/app-1.js')).body.toString()).toBe(script);
      expect(
        (await get('/assets/style-1.css', { 'accept-encoding': 'br' })).headers['content-encoding'],
      ).toBe('br');
      expect((await get('/favicon.svg')).headers['cache-control']).toBe('no-cache');
    });

    it.each([
      '/assets/none.js',
      '/assets/app-1.js.map',
      '/assets/../../../../etc/passwd',
      '/..%2f..%2fetc/passwd',
      '/api/none',
      '/auth/none',
      '/api',
    ])('is not at %s', async (path) => {
      expect((await get(path, { accept: 'text/html' })).status).toBe(path.startsWith('/..') ? 200 : 404);
    });

    it('is not told from what is no page', async () => {
      expect((await get('/o/north', { accept: 'application/json' })).status).toBe(404);
      expect((await get('/o/north', html, 'POST')).status).toBe(404);
      expect((await get('/api/me', html, 'PUT')).status).toBe(405);
    });
  });

  it('every answer carries the headers that keep a browser to it', async () => {
    for (const path of [
      '/',
      '/api/me',
      '/api/openapi.json',
      '/auth/signed-out',
      '/livez',
      '/assets/app-1.js',
    ]) {
      const { headers } = await get(path, html);
      expect([path, headers]).toEqual([
        path,
        expect.objectContaining({
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'same-origin',
          'cross-origin-opener-policy': 'same-origin',
          'x-frame-options': 'DENY',
          'permissions-policy': expect.stringContaining('camera=()'),
          'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        }),
      ]);
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });

  it('behind https the cookies are __Host- ones, and HSTS is set', async () => {
    const own = await kind.location();
    const secure = await openDirectory({
      database: own.location,
      port: 0,
      publicUrl: 'https://directory.acme.example',
    });
    await secure.start();
    try {
      const page = await fetch(`${secure.url}/auth/signed-out`);
      expect(page.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
      const out = await fetch(`${secure.url}/auth/sign-out`, { method: 'POST' });
      expect(out.headers.get('set-cookie')).toBe(
        '__Host-drawbridge=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
      );
    } finally {
      await secure.stop();
      await own.close();
    }
  });

  it('a folder without a built console is refused at the start', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'drawbridge-console-'));
    const own = await kind.location();
    const wrong = await openDirectory({ database: own.location, port: 0, consoleFolder: empty });
    await expect(wrong.start()).rejects.toMatchObject({ code: 'file_unreadable' });
    await wrong.stop();
    await own.close();
    await rm(empty, { recursive: true });
  });
});
