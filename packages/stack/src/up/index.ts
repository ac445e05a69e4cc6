export { type StackDown, stackDown } from './down.ts';
export { type StackPart, stackLogs, stackParts } from './logs.ts';
export { type PlannedPart, planStack, type StackSeen, seeStack } from './plan.ts';
export { readStackState, type StackState } from './state.ts';
export { type PartStatus, stackStatus } from './status.ts';
export { type StackEvent, stackUp } from './up.ts';
export { wireSignIn } from './wire-sign-in.ts';
export { createWorkshop, type OwnWorkshop, type WorkshopOptions, withOpenbaoForward } from './workshop.ts';
