import { DrawbridgeError } from '@drawbridge/kit/core';

const word = '[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*';
const wholeKey = new RegExp(`^${word}(?:/${word})*$`);
const folder = '[a-z0-9]+(?:[-_.][a-z0-9]+)*';
const wholeFolder = new RegExp(`^${folder}(?:/${folder})*$`);
const longestKey = 200;

/**
 * Refuses what is no key: it becomes part of paths and of names of variables.
 *
 * @throws {DrawbridgeError} `config_key_invalid`
 * @example
 * ```ts
 * import { requireKey } from '@drawbridge/config';
 *
 * console.log(requireKey('billing/stripe')); // billing/stripe
 * ```
 */
export function requireKey(key: string): string {
  if (wholeKey.test(key) && key.length <= longestKey) return key;
  throw new DrawbridgeError('config_key_invalid', {
    message: `"${key.slice(0, longestKey)}" is no key of a configuration value.`,
    fix: 'Use lower case words with - or _, and / for folders: database, billing/stripe-key.',
  });
}

/** Refuses what is no name of an application or an environment, which are folders of the store. @throws {DrawbridgeError} `invalid_settings` */
export function requireFolder(name: string, what: string): string {
  if (wholeFolder.test(name) && name.length <= longestKey) return name;
  throw new DrawbridgeError('invalid_settings', {
    message: `"${name.slice(0, longestKey)}" is no name for ${what}.`,
    fix: 'Use lower case letters and digits, with - _ or . between them, and / for folders: teams/payments.',
  });
}
