export { hasConditions, isTrue, type NewCondition, withTransitions } from './conditions.ts';
export {
  type Controller,
  type ControllerOptions,
  createController,
  type Reconcile,
  type ReconcileContext,
  type ReconcileResult,
} from './controller.ts';
export { createElector, type Elector, type ElectorOptions, type Leadership } from './elector.ts';
export { createEventRecorder, type EventNote, type EventRecorder } from './events.ts';
export { addFinalizer, hasFinalizer, isDeleting, removeFinalizer } from './finalizers.ts';
export { isOwnWrite } from './own-writes.ts';
export { createWorkQueue, type WorkQueue, type WorkQueueOptions } from './work-queue.ts';
