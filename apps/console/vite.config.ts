import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Writes `.br` beside every text file, so that the server does not compress it anew at each start. */
const precompress: Plugin = {
  name: 'precompress',
  apply: 'build',
  closeBundle() {
    const folder = join(import.meta.dirname, 'dist');
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:js|css|html|svg)$/.test(file)) continue;
      const content = readFileSync(join(folder, file));
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
      writeFileSync(join(folder, `${file}.br`), brotliCompressSync(content, { params }));
    }
  },
};

// Only for `vite dev`: a running directory, and a token where no sign-in is wanted. Nothing of it is in the build.
const { DRAWBRIDGE_DEV_DIRECTORY = 'http://127.0.0.1:7703', DRAWBRIDGE_DEV_TOKEN } = process.env;
const proxied = {
  target: DRAWBRIDGE_DEV_DIRECTORY,
  ...(DRAWBRIDGE_DEV_TOKEN ? { headers: { authorization: `Bearer ${DRAWBRIDGE_DEV_TOKEN}` } } : {}),
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress],
  build: {
    target: 'es2023',
    // The content security policy allows no data: URL, and modern browsers need no polyfill of modulepreload.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    emptyOutDir: true,
  },
  server: { host: '127.0.0.1', proxy: { '/api': proxied, '/auth': proxied } },
});
