export { describeError, errorDocument } from './failure.ts';
export { startWait, type Wait } from './progress.ts';
export { duration, type Mark, type Style } from './style.ts';
export { type Column, printTable } from './table.ts';
export { type Io, Terminal, type TerminalOptions } from './terminal.ts';
