import { html, isLocal, pageScript, pageStyle } from '../../shared/index.ts';
import type { Controls } from '../controls.ts';
import { type Exchange, readBody, send, sendText } from '../edges/http.ts';
import { findInstance, type HostedInstance } from '../instances.ts';
import { eventsSection, instancesSection, mailsSection, targetsSection, usersSection } from './sections.ts';
import { settingsOf, troubleSection } from './trouble.ts';

const paths = new Set(['/', '/emulator/page', '/emulator/page.js', '/emulator/page.css']);

/** Whether a path belongs to the emulator's own page. */
export function isPagePath(path: string): boolean {
  return paths.has(path);
}

/**
 * Serves the page for people: what is in the emulator, and switches for trouble. For browsers of this machine only, and
 * under the name of an instance, so that no foreign page reaches it by a name of its own (DNS rebinding).
 */
export async function servePage(
  instances: readonly [HostedInstance, ...HostedInstance[]],
  controls: Controls,
  exchange: Exchange,
): Promise<void> {
  const { request, response, method, url } = exchange;
  const found = findInstance(instances, request.headers);
  if (!isLocal(request) || 'id' in found) {
    return sendText(
      response,
      404,
      'This page is for browsers on this machine, under the name of an instance.\n',
    );
  }
  if (url.pathname === '/emulator/page.css') return sendAsset(exchange, 'text/css', pageStyle);
  if (url.pathname === '/emulator/page.js') return sendAsset(exchange, 'text/javascript', pageScript);
  if (method === 'GET' && url.pathname === '/') return sendPage(exchange, instances, found.kernel, 200);
  if (method !== 'POST' || url.pathname !== '/emulator/page') {
    response.setHeader('allow', url.pathname === '/' ? 'GET' : 'POST');
    return sendText(response, 405, 'Method Not Allowed\n');
  }
  if (request.headers.origin !== `http://${request.headers.host}`) {
    return sendText(response, 403, 'The form is sent from the page itself.\n');
  }
  const form = new URLSearchParams(await readBody(request));
  const settings = settingsOf(form);
  if (form.get('do') === 'reset') controls.reset();
  else if (typeof settings === 'string') return sendPage(exchange, instances, found.kernel, 400, settings);
  else controls.set(settings);
  response.writeHead(303, { location: '/', 'content-length': 0 });
  response.end();
}

function sendPage(
  exchange: Exchange,
  instances: readonly [HostedInstance, ...HostedInstance[]],
  kernel: HostedInstance['kernel'],
  status: number,
  problem?: string,
): void {
  const port = /:\d+$/.exec(exchange.request.headers.host ?? '')?.[0] ?? '';
  const { name } = kernel.fresh.instance;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Emulated Zitadel</title><link rel="stylesheet" href="/emulator/page.css">
<script src="/emulator/page.js" defer></script></head>
<body><a class="skip" href="#trouble">Skip to the switches</a>
<header><h1>Emulated Zitadel</h1>
<p class="quiet">${name}, as version 4.13.1 would be. For development and tests; nothing here is real.</p></header>
<main>${instancesSection(instances, port)}
${troubleSection(kernel.controls, problem)}
${mailsSection(kernel)}${usersSection(kernel)}${targetsSection(kernel)}${eventsSection(kernel)}</main></body></html>`;
  send(exchange.response, status, 'text/html; charset=utf-8', page.text, headers);
}

function sendAsset({ response }: Exchange, type: string, text: string): void {
  send(response, 200, `${type}; charset=utf-8`, text, headers);
}

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; " +
    "base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
