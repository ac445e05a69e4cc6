import { escapeHtml, sendBody } from '../../shared/index.ts';
import type { Exchange } from '../edges/http.ts';

/** Where the sign-in page is. */
export const loginPath = '/ui/login/login';
/** Names the browser that began a sign-in. */
export const loginCookie = 'zitadel-emulator-login';

/** What the page shows. */
export interface LoginPage {
  readonly authRequestId: string;
  readonly applicationName: string;
  readonly loginName: string;
  /** What went wrong with the last try. */
  readonly problem?: string;
}

/** The sign-in page: one form, no script, usable with keyboard and screen reader alone. */
export function sendLoginPage(exchange: Exchange, status: number, page: LoginPage): void {
  const problem = page.problem ? `<p id="problem" role="alert">${escapeHtml(page.problem)}</p>` : '';
  const described = page.problem ? ' aria-describedby="problem" aria-invalid="true"' : '';
  sendHtml(
    exchange,
    status,
    `Sign in to ${page.applicationName}`,
    `<h1>Sign in</h1>
<p>to continue to <strong>${escapeHtml(page.applicationName)}</strong></p>
${problem}
<form method="post" action="${loginPath}">
<input type="hidden" name="authRequestID" value="${escapeHtml(page.authRequestId)}">
<label for="loginName">Login name</label>
<input id="loginName" name="loginName" autocomplete="username" autocapitalize="none" spellcheck="false" required
 value="${escapeHtml(page.loginName)}"${page.loginName ? '' : ' autofocus'}${described}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${page.loginName ? ' autofocus' : ''}${described}>
<button type="submit">Sign in</button>
</form>`,
  );
}

/** What the page for devices shows. */
export interface DevicePage {
  readonly userCode: string;
  readonly loginName: string;
  /** Empty while the code is not known. */
  readonly applicationName: string;
  readonly problem?: string;
}

/** The page where a device is let in. It says what asks, since the code may have come from someone else. */
export function sendDevicePage(exchange: Exchange, status: number, page: DevicePage): void {
  const problem = page.problem ? `<p id="problem" role="alert">${escapeHtml(page.problem)}</p>` : '';
  const asking = page.applicationName
    ? `<p><strong>${escapeHtml(page.applicationName)}</strong> asks to be signed in. Allow it only if you began this yourself.</p>`
    : '<p>Type the code that the device shows.</p>';
  sendHtml(
    exchange,
    status,
    'Sign in a device',
    `<h1>Sign in a device</h1>
${asking}
${problem}
<form method="post">
<label for="user_code">Code</label>
<input id="user_code" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" required
 value="${escapeHtml(page.userCode)}">
<label for="loginName">Login name</label>
<input id="loginName" name="loginName" autocomplete="username" autocapitalize="none" spellcheck="false" required
 value="${escapeHtml(page.loginName)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny" class="second">Deny</button>
</form>`,
  );
}

/** A page that only says something. */
export function sendMessagePage(exchange: Exchange, status: number, title: string, text: string): void {
  sendHtml(exchange, status, title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>`);
}

const style = `:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{display:grid;place-items:center;min-height:90vh;margin:1rem}
main{width:min(22rem,100%)}h1{font-size:1.5rem;margin:0}
label{display:block;margin:1rem 0 .25rem}
input,button{box-sizing:border-box;width:100%;padding:.6rem;font:inherit;border:1px solid GrayText;border-radius:.4rem}
button{margin-top:1.5rem;background:#5469d4;color:#fff;border-color:#5469d4;cursor:pointer}
.second{margin-top:.75rem;background:none;color:inherit;border-color:GrayText}
:focus-visible{outline:3px solid #5469d4;outline-offset:2px}
[role=alert]{border-left:4px solid #c00;padding-left:.75rem}
small{display:block;margin-top:2rem;color:GrayText}`;

function sendHtml(exchange: Exchange, status: number, title: string, body: string): void {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main>${body}<small>Emulated Zitadel, for development and tests.</small></main></body></html>`;
  sendBody(exchange.response, status, 'text/html; charset=utf-8', html, {
    'cache-control': 'no-store',
    // No form-action: browsers apply it to the redirect that follows, which goes to the application.
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
}
