/** What every emulator uses and none is about. */
export { faultsComplaint, isAmount, isFaults, mayControl, parseObject } from './controls-edge.ts';
export { type Exchange, exchangeOf, type Headers, readUpTo, sendBody } from './exchange.ts';
export { type FaultRule, Faults, isFaultRule } from './faults.ts';
export { escapeHtml, type Html, html } from './html.ts';
export { type Journal, openJournal } from './journal.ts';
export { createLife } from './life.ts';
export { isPagePath, namesThisMachine, serveEmulatorPage } from './page-edge.ts';
export { checkField, numberField, section, side, switches, table, time } from './page-parts.ts';
export { listen } from './server.ts';
export { StateLog } from './state-log.ts';
export { type KeptBeside, type OpenedStore, openStore } from './store-folder.ts';
