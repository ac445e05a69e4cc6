import { createHash } from 'node:crypto';

/** A page that tells something when there is no console to tell it. */
export interface Page {
  readonly title: string;
  readonly text: string;
  /** What to do about it, in words. */
  readonly fix?: string;
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  /** To find it in the log. */
  readonly requestId?: string;
}

const style = `:root{color-scheme:light dark;--ink:#1f2328;--quiet:#57606a;--ground:#fff;--accent:#2b55c4}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8eb;--quiet:#9aa4af;--ground:#15181c;--accent:#8fb0ff}}
body{margin:18vh auto 0;max-width:32rem;padding:0 1.5rem;font:1.05rem/1.6 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
h1{font-size:1.5rem;font-weight:600}
a{color:var(--accent);margin-right:1.5rem}
a:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
small{display:block;margin-top:3rem;color:var(--quiet)}`;

/** No script, nothing from elsewhere; the one style is named by its hash. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The page as HTML. Every text in it is escaped. */
export function renderPage(page: Page): string {
  const links = (page.links ?? []).map(
    ({ href, text }) => `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)} · Drawbridge</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(page.title)}</h1>
<p>${escapeHtml(page.text)}</p>
${page.fix ? `<p>${escapeHtml(page.fix)}</p>` : ''}
${links.length > 0 ? `<p>${links.join('\n')}</p>` : ''}
${page.requestId ? `<small>Request ${escapeHtml(page.requestId)}</small>` : ''}
</main>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}
