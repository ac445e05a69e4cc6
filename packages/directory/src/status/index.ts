export type { Approve, Discard } from './approve.ts';
export { StatusEvents, statusConsumer } from './events.ts';
export { forgetSweeps } from './forget.ts';
export type { SyncParts } from './parts.ts';
export {
  getSweep,
  type ListSweepItems,
  type ListSweeps,
  listSweepItems,
  listSweeps,
  type SweepItemView,
  type SweepView,
} from './read.ts';
export { Sweeper } from './sweeper.ts';
