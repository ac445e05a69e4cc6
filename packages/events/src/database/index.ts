export { eventsMigrations } from './migrations.ts';
export { type EventsDatabase, eventsTables } from './port.ts';
export type {
  ConsumerTable,
  CursorTable,
  DeliveryTable,
  EventsSchema,
  InboxTable,
  InstanceTable,
  RevocationTable,
} from './schema.ts';
