import { type Html, html, isLocal, pageScript, pageStyle } from '../../shared/index.ts';
import { type Exchange, readBody, send } from '../edges/http.ts';
import { version } from '../handlers/index.ts';
import type { Kernel } from '../kernel.ts';
import { eventsSection, mountsSection, secretsSection, sideSection, tokensSection } from './sections.ts';

const paths = new Set(['/', '/ui', '/ui/', '/emulator/page', '/emulator/page.js', '/emulator/page.css']);

/** Whether a path belongs to the emulator's own page. */
export function isPagePath(path: string): boolean {
  return paths.has(path);
}

/**
 * Serves the page for people: what there is, without any value of a secret, and the switches for trouble. For browsers of this machine
 * only, and by a name of this machine, so that no foreign page reaches it by a name of its own (DNS rebinding).
 */
export async function servePage(kernel: Kernel, exchange: Exchange): Promise<void> {
  const { request, method, url, response } = exchange;
  const host = request.headers.host ?? '';
  if (!isLocal(request) || !/^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host))
    return sendText(exchange, 404, 'This page is for browsers on this machine, by a name of this machine.\n');
  if (url.pathname === '/emulator/page.css')
    return send(exchange, 200, 'text/css; charset=utf-8', pageStyle, headers);
  if (url.pathname === '/emulator/page.js')
    return send(exchange, 200, 'text/javascript; charset=utf-8', pageScript, headers);
  const isForm = url.pathname === '/emulator/page';
  if (method === 'GET' && !isForm) return sendPage(kernel, exchange, 200);
  if (method !== 'POST' || !isForm) {
    response.setHeader('allow', isForm ? 'POST' : 'GET');
    return sendText(exchange, 405, 'Method Not Allowed\n');
  }
  if (request.headers.origin !== `http://${host}`)
    return sendText(exchange, 403, 'The form is sent from the page itself.\n');
  const problem = act(kernel, new URLSearchParams(await readBody(request)));
  if (problem !== undefined) return sendPage(kernel, exchange, 400, problem);
  response.writeHead(303, { location: '/', 'content-length': 0 });
  response.end();
}

/** Does what a form says; the text is what is wrong with it. */
function act(kernel: Kernel, form: URLSearchParams): string | undefined {
  const { controls } = kernel.outside;
  if (form.get('do') === 'reset') {
    controls.reset();
    kernel.runtime.sealed = !kernel.state.isInitialized;
    return undefined;
  }
  const latencyMs = Number(form.get('latencyMs') ?? 0);
  if (!Number.isSafeInteger(latencyMs) || latencyMs < 0) return 'The delay must be a whole number.';
  const quota = form.has('quota') ? (controls.quota ?? 5) : null;
  controls.set({ latencyMs, quota, outage: form.has('outage'), standby: form.has('standby') });
  kernel.runtime.sealed = form.has('sealed');
  return undefined;
}

function sendPage(kernel: Kernel, exchange: Exchange, status: number, problem?: string): void {
  const parts: readonly Html[] = [
    secretsSection(kernel),
    sideSection(kernel, problem),
    mountsSection(kernel),
    tokensSection(kernel),
    eventsSection(kernel),
  ];
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Emulated OpenBao</title><link rel="stylesheet" href="/emulator/page.css">
<script src="/emulator/page.js" defer></script></head>
<body><a class="skip" href="#trouble">Skip to the forms</a>
<header><h1>Emulated OpenBao</h1>
<p class="quiet">As version ${version} would be. For development and tests: nothing here is encrypted.</p></header>
<main>${parts}</main></body></html>`;
  send(exchange, status, 'text/html; charset=utf-8', page.text, headers);
}

function sendText(exchange: Exchange, status: number, text: string): void {
  send(exchange, status, 'text/plain; charset=utf-8', text, { 'x-content-type-options': 'nosniff' });
}

const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; " +
    "base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
