import { html, isLocal, pageScript, pageStyle } from '../../shared/index.ts';
import { connectDevice, signInAs } from '../devices.ts';
import { type Exchange, readBody, send } from '../edges/http.ts';
import { ApiError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { eventsSection, groupsSection, peersSection, sideSection, usersSection } from './sections.ts';

const paths = new Set(['/', '/emulator/page', '/emulator/page.js', '/emulator/page.css']);

/** Whether a path belongs to the emulator's own page. */
export function isPagePath(path: string): boolean {
  return paths.has(path);
}

/** What upstream has where the page offers a switch: its limits, where they are turned on. */
const upstreamLimit = { perMinute: 6, burst: 500 };

/**
 * Serves the page for people: what is in the account, and what one would do by hand. For browsers of this machine only, and by
 * a name of this machine, so that no foreign page reaches it by a name of its own (DNS rebinding).
 */
export async function servePage(kernel: Kernel, exchange: Exchange): Promise<void> {
  const { request, method, url, response } = exchange;
  const host = request.headers.host ?? '';
  if (!isLocal(request) || !/^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host))
    return sendText(exchange, 404, 'This page is for browsers on this machine, by a name of this machine.\n');
  if (url.pathname === '/emulator/page.css') return sendAsset(exchange, 'text/css', pageStyle);
  if (url.pathname === '/emulator/page.js') return sendAsset(exchange, 'text/javascript', pageScript);
  if (method === 'GET' && url.pathname === '/') return sendPage(kernel, exchange, 200);
  if (method !== 'POST' || url.pathname !== '/emulator/page') {
    response.setHeader('allow', url.pathname === '/' ? 'GET' : 'POST');
    return sendText(exchange, 405, 'Method Not Allowed\n');
  }
  if (request.headers.origin !== `http://${host}`)
    return sendText(exchange, 403, 'The form is sent from the page itself.\n');
  const problem = act(kernel, new URLSearchParams(await readBody(request)));
  if (problem !== undefined) return sendPage(kernel, exchange, 400, problem);
  await kernel.log.flushed();
  response.writeHead(303, { location: '/', 'content-length': 0 });
  response.end();
}

/** Does what a form says; the text is what is wrong with it. */
function act(kernel: Kernel, form: URLSearchParams): string | undefined {
  const { controls } = kernel.outside;
  const field = (name: string) => form.get(name)?.trim() ?? '';
  const person = { sub: field('sub'), email: field('email'), name: field('name') };
  const needsPerson = ['sign-in', 'device'].includes(field('do'));
  if (needsPerson && person.sub === '') return 'The Zitadel user id is needed.';
  try {
    switch (field('do')) {
      case 'sign-in':
        signInAs(kernel, person);
        return undefined;
      case 'device':
        connectDevice(kernel, person, field('device') || 'device');
        return undefined;
      case 'reset':
        controls.reset();
        return undefined;
      default: {
        const latencyMs = Number(field('latencyMs'));
        if (!Number.isSafeInteger(latencyMs) || latencyMs < 0) return 'The delay must be a whole number.';
        const rateLimit = form.has('rateLimit') ? (controls.rateLimit ?? upstreamLimit) : null;
        controls.set({ latencyMs, outage: form.has('outage'), rateLimit });
        return undefined;
      }
    }
  } catch (error) {
    if (error instanceof ApiError) return `NetBird refuses: ${error.text}.`;
    throw error;
  }
}

function sendPage(kernel: Kernel, exchange: Exchange, status: number, problem?: string): void {
  const { domain } = kernel.state;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Emulated NetBird</title><link rel="stylesheet" href="/emulator/page.css">
<script src="/emulator/page.js" defer></script></head>
<body><a class="skip" href="#trouble">Skip to the forms</a>
<header><h1>Emulated NetBird</h1>
<p class="quiet">${domain}, as version 0.77 would be. For development and tests; there is no network behind it.</p></header>
<main>${usersSection(kernel)}${sideSection(kernel.outside.controls, problem)}
${peersSection(kernel)}${groupsSection(kernel)}${eventsSection(kernel)}</main></body></html>`;
  send(exchange, status, 'text/html; charset=utf-8', page.text, headers);
}

function sendAsset(exchange: Exchange, type: string, text: string): void {
  send(exchange, 200, `${type}; charset=utf-8`, text, headers);
}

function sendText(exchange: Exchange, status: number, text: string): void {
  send(exchange, status, 'text/plain; charset=utf-8', text, { 'x-content-type-options': 'nosniff' });
}

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; " +
    "base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
