/** What every emulator uses and none is about. */
export { escapeHtml, Html, html } from './html.ts';
export { isLocal } from './is-local.ts';
export { type Journal, openJournal } from './journal.ts';
export { pageScript, pageStyle } from './page-assets.ts';
