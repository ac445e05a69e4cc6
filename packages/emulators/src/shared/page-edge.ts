import { type Exchange, readUpTo, sendBody } from './exchange.ts';
import { type Html, html } from './html.ts';
import { isLocal } from './is-local.ts';
import { pageScript, pageStyle } from './page-assets.ts';

/** An emulator's own page. */
export interface EmulatorPage {
  readonly system: string;
  /** What stands below its name. */
  readonly about: Html;
  /** What the link at the top skips to. */
  readonly skipTo: 'forms' | 'switches';
  /** Whether the name it was asked for by is one of its own; another one may lead a foreign page here (DNS rebinding). */
  readonly isOwnName: boolean;
  /** Said to whoever is not let in. */
  readonly refusal: string;
  /** The parts of the page, with what was wrong with the form that was sent. */
  readonly parts: (problem: string | undefined) => readonly Html[];
  /** Does what a form says; the text is what is wrong with it. */
  readonly act: (form: URLSearchParams) => string | undefined | Promise<string | undefined>;
}

const maxFormBytes = 1024 * 1024;
const formPath = '/emulator/page';
const assets: ReadonlyMap<string, readonly [type: string, text: string]> = new Map([
  ['/emulator/page.css', ['text/css', pageStyle]],
  ['/emulator/page.js', ['text/javascript', pageScript]],
]);

/** Whether a path belongs to the page that is at the root. */
export function isPagePath(path: string): boolean {
  return path === '/' || path === formPath || assets.has(path);
}

/** Whether a request names this machine as such. */
export function namesThisMachine({ request }: Exchange): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(request.headers.host ?? '');
}

/** Serves the page for people: what there is, and forms that do something. For browsers of this machine only. */
export async function serveEmulatorPage(exchange: Exchange, page: EmulatorPage): Promise<void> {
  const { request, response, method, url } = exchange;
  if (!isLocal(request) || !page.isOwnName) return sendText(exchange, 404, page.refusal);
  const asset = assets.get(url.pathname);
  if (asset) return sendBody(response, 200, `${asset[0]}; charset=utf-8`, asset[1], headers);
  const isForm = url.pathname === formPath;
  if (method === 'GET' && !isForm) return sendPage(exchange, page, 200);
  if (method !== 'POST' || !isForm) {
    response.setHeader('allow', isForm ? 'POST' : 'GET');
    return sendText(exchange, 405, 'Method Not Allowed');
  }
  if (request.headers.origin !== `http://${request.headers.host}`)
    return sendText(exchange, 403, 'The form is sent from the page itself.');
  const body = await readUpTo(request, maxFormBytes);
  const problem = await page.act(new URLSearchParams(body?.toString('utf8')));
  if (problem !== undefined) return sendPage(exchange, page, 400, problem);
  response.writeHead(303, { location: '/', 'content-length': 0 });
  response.end();
}

function sendPage({ response }: Exchange, page: EmulatorPage, status: number, problem?: string): void {
  const title = `Emulated ${page.system}`;
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="stylesheet" href="/emulator/page.css">
<script src="/emulator/page.js" defer></script></head>
<body><a class="skip" href="#trouble">Skip to the ${page.skipTo}</a>
<header><h1>${title}</h1>
<p class="quiet">${page.about}</p></header>
<main>${page.parts(problem)}</main></body></html>`;
  sendBody(response, status, 'text/html; charset=utf-8', document.text, headers);
}

function sendText({ response }: Exchange, status: number, text: string): void {
  sendBody(response, status, 'text/plain; charset=utf-8', `${text}\n`, {
    'x-content-type-options': 'nosniff',
  });
}

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; " +
    "base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
