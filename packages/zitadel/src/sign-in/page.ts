/** What the browser shows at the end. No script, nothing from elsewhere, nothing of the request repeated. */
export function resultPage(ok: boolean): string {
  const [title, text] = ok
    ? ['You are signed in', 'You can close this window and go back to the terminal.']
    : ['The sign-in did not work', 'Go back to the terminal: it says why and what to do.'];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 1.1rem/1.6 system-ui, sans-serif; margin: 18vh auto 0; max-width: 28rem; padding: 0 1.5rem; }
  h1 { font-size: 1.5rem; font-weight: 600; }
</style>
<main>
<h1>${title}</h1>
<p>${text}</p>
</main>
</html>
`;
}

/** Headers of every answer to the browser: nothing is kept, framed or sent on. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};
