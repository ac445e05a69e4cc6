export { type Bar, type BarState, startBar } from './bar.ts';
export { describeError, errorDocument } from './failure.ts';
export { moment, sinceOf, thousands, wrap } from './format.ts';
export { startCountdown, startWait, type Wait } from './progress.ts';
export { agree, ask, askSecret, confirm } from './prompt.ts';
export { type StateWord, showState, stateWord } from './states.ts';
export { duration, type Mark, type Style } from './style.ts';
export { type Column, printTable } from './table.ts';
export { type Io, Terminal, type TerminalOptions } from './terminal.ts';
