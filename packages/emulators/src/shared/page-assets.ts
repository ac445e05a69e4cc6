/** How the page looks: one column that grows to two, the reader's own colours, no fonts to load. */
export const pageStyle = `:root{color-scheme:light dark;--line:light-dark(#d9dce3,#3a3f4b);--soft:light-dark(#f6f7f9,#1b1e24);
--back:light-dark(#fff,#121419);--text:light-dark(#1d2129,#e4e7ec);--quiet:light-dark(#5b6472,#9aa3b2);
--accent:light-dark(#3f51b5,#9fa8ff);--bad:light-dark(#b3261e,#ff8a80);--good:light-dark(#1b6e3c,#7ddb9c);
font:15px/1.5 system-ui,sans-serif}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text)}
header,main{max-width:80rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:1.75rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.05rem;margin:0 0 .6rem}
p{margin:.25rem 0}.quiet,caption{color:var(--quiet)}
main{display:grid;gap:1.25rem;padding-top:1.25rem;padding-bottom:3rem}
@media(min-width:64rem){main{grid-template-columns:minmax(0,2fr) minmax(0,1fr)}.wide{grid-column:1}
.side{grid-column:2;grid-row:1/span 6}}
section{min-width:0;border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.1rem}
.side{background:var(--soft);align-self:start}
.scroll{overflow:auto;max-height:24rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--quiet);font-weight:600;white-space:nowrap;position:sticky;top:0;background:var(--back)}
tr:last-child td{border-bottom:0}
code,.code{font:.86rem ui-monospace,monospace;white-space:nowrap}
.scroll+.scroll{margin-top:1rem}
.code{font-weight:700;letter-spacing:.08em;white-space:nowrap}
time{white-space:nowrap;font-variant-numeric:tabular-nums}
a{color:var(--accent)}
.bad{color:var(--bad)}.good{color:var(--good)}
fieldset{border:0;padding:0;margin:0 0 1rem}legend{font-weight:600;padding:0;margin-bottom:.35rem}
.field{display:flex;justify-content:space-between;align-items:center;gap:1rem;margin:.35rem 0}
.field input[type=number]{width:7.5rem;padding:.3rem .45rem;font:inherit;color:inherit;background:var(--back);
border:1px solid var(--line);border-radius:.35rem}
.check{display:grid;grid-template-columns:auto 1fr;gap:.1rem .55rem;margin:.5rem 0}
.check small{grid-column:2;color:var(--quiet)}
button{font:inherit;padding:.45rem .9rem;border-radius:.4rem;border:1px solid var(--accent);cursor:pointer;
background:var(--accent);color:var(--back)}
button.second{background:none;color:inherit;border-color:var(--line)}
.buttons{display:flex;gap:.6rem;flex-wrap:wrap}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
[role=alert]{border-left:4px solid var(--bad);padding-left:.75rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem}`;

/** Keeps what is marked as live up to date every two seconds while the page is seen. Without it, reload. */
export const pageScript = `'use strict';
async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { cache: 'no-store' });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    if (!next || part.innerHTML === next.innerHTML || part.contains(document.activeElement)) continue;
    const scrolled = part.querySelector('.scroll')?.scrollTop ?? 0;
    part.replaceChildren(...next.childNodes);
    const scroll = part.querySelector('.scroll');
    if (scroll) scroll.scrollTop = scrolled;
  }
}
setInterval(() => refresh().catch(() => undefined), 2000);
`;
