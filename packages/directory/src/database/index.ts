export { Database } from './database.ts';
export { type DatabaseLocation, openDatabase } from './open.ts';
export type { RunState, Schema, StepState } from './schema.ts';
export { translateDatabaseError, violatedUnique } from './translate.ts';
