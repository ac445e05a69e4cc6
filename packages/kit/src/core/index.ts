/**
 * The part of the kit that every program can afford to load: errors, secrets, clock, files and locks. Nothing here brings HTTP, a
 * log library, metrics or a server along, so that a program that only reads its configuration starts as fast as without it.
 */
export * from '../clock/index.ts';
export * from '../errors/index.ts';
export * from '../files/index.ts';
export { type Logger, silentLogger } from '../log/index.ts';
export * from '../secret/index.ts';
