export { enumName, present, protojson, timestamp, uint64, zeroDate } from './answer.ts';
export { invalid, isObject, type JsonObject, type Limits, Message } from './message.ts';
