import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DrawbridgeError } from '@drawbridge/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { consolePolicy } from './headers.ts';

/** A file of the built console, kept in memory: a path is a name in a table and never one of the disk. */
interface ConsoleFile {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
  readonly brotli: Buffer | undefined;
  gzip: Buffer | undefined;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const compressible = /^(text|application|image\/svg)/;
/** Below this, compression costs more than it saves. */
const smallBytes = 1_024;

/**
 * Serves the built console: files under `/assets`, whose names change with their content, for ever; any other path that
 * wants HTML is the console's own and gets index.html, asked about each time.
 *
 * @throws {DrawbridgeError} `file_unreadable` when the folder holds no built console
 */
export async function consoleRoutes(app: FastifyInstance, folder: string): Promise<void> {
  const files = await readFiles(folder);
  const index = files.get('/index.html');
  if (!index) {
    throw new DrawbridgeError('file_unreadable', {
      message: 'The folder holds no built console.',
      where: folder,
      fix: 'Build it with: npm run build -w apps/console',
    });
  }
  app.get('/*', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const file = files.get(path);
    if (file && file !== index) return await sendFile(request, reply, file, path.startsWith('/assets/'));
    if (/^\/(api|auth|assets)(\/|$)/.test(path) || !wantsHtml(request)) return reply.callNotFound();
    void reply.header('content-security-policy', consolePolicy);
    return await sendFile(request, reply, index, false);
  });
}

async function sendFile(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  file: ConsoleFile,
  immutable: boolean,
): Promise<FastifyReply> {
  void reply
    .header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    .header('vary', 'accept-encoding')
    .header('etag', file.etag);
  if (headers['if-none-match']?.includes(file.etag)) return reply.status(304).send();
  void reply.type(file.type);
  const accepted = String(headers['accept-encoding'] ?? '');
  if (file.brotli && /\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(file.brotli);
  if (/\bgzip\b/.test(accepted) && compressible.test(file.type) && file.body.length > smallBytes) {
    file.gzip ??= await promisify(gzip)(file.body);
    return reply.header('content-encoding', 'gzip').send(file.gzip);
  }
  return reply.send(file.body);
}

function wantsHtml({ headers }: FastifyRequest): boolean {
  return /text\/html|\*\/\*/.test(headers.accept ?? '*/*');
}

async function readFiles(folder: string): Promise<Map<string, ConsoleFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new DrawbridgeError('file_unreadable', { where: folder, cause });
  });
  const bodies = new Map<string, Buffer>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    bodies.set(`/${relative(folder, path).split(sep).join('/')}`, await readFile(path));
  }
  const files = new Map<string, ConsoleFile>();
  for (const [path, body] of bodies) {
    const type = types[extname(path)];
    // Source maps and other things that a build leaves are not for everybody.
    if (type === undefined) continue;
    files.set(path, {
      type,
      body,
      // Weak: the same content, packed or not.
      etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`,
      brotli: bodies.get(`${path}.br`),
      gzip: bodies.get(`${path}.gz`),
    });
  }
  return files;
}
