import { z } from 'zod';

/** How large the directory is, so that effects can be told in its own numbers. */
export interface DirectorySize {
  /** Users that exist in Zitadel. */
  readonly users: number;
}

/** One setting that an operator may change while the directory runs. */
interface Definition<T> {
  readonly schema: z.ZodType<T>;
  readonly default: T;
  /** Reads the value of its environment variable. */
  readonly fromText: (text: string) => unknown;
  /** What a value does, in words and present numbers. */
  readonly effect: (value: T, size: DirectorySize) => string;
}

function define<T>(definition: Definition<T>): Definition<T> {
  return definition;
}

const toNumber = (text: string): unknown => (text.trim() === '' ? text : Number(text));
const toBoolean = (text: string): unknown =>
  ({ true: true, false: false })[text.trim().toLowerCase()] ?? text;
const toWord = (text: string): unknown => text.trim();

/** Every setting: what it may be, what it is at first, what it does. */
export const definitions = {
  'sync.intervalMinutes': define({
    schema: z.int().min(1).max(10_080),
    default: 30,
    fromText: toNumber,
    effect: (minutes) =>
      `Everybody is compared with Zitadel every ${counted(minutes, 'minute')}. What events do not tell is noticed that late.`,
  }),
  'sync.brakeUsers': define({
    schema: z.int().min(0).max(1_000_000),
    default: 5,
    fromText: toNumber,
    effect: (users) =>
      `A sweep may always deactivate ${counted(users, 'user')}, however small the directory is; half of one organization is the end in any case.`,
  }),
  'sync.brakePercent': define({
    schema: z.number().min(0).max(100),
    default: 5,
    fromText: toNumber,
    effect: (percent, { users }) =>
      `A sweep of ${counted(users, 'user')} may deactivate ${percent} % of them, which is ${written(Math.floor((users * percent) / 100))}. Above the larger of the two limits it stops and asks.`,
  }),
  'sync.brakeOn': define({
    schema: z.boolean(),
    default: true,
    fromText: toBoolean,
    effect: (on, { users }) =>
      on
        ? 'A sweep that would deactivate more than its limit stops and asks a person.'
        : `Without the brake one wrong answer from Zitadel can deactivate all ${counted(users, 'user')}.`,
  }),
  'sync.conflictRule': define({
    schema: z.enum(['zitadel', 'stricter']),
    default: 'zitadel',
    fromText: toWord,
    effect: (rule) =>
      rule === 'zitadel'
        ? 'Where both sides changed a user, Zitadel wins: whom the directory deactivated and somebody activated in Zitadel is active here too.'
        : 'Where both sides changed a user, the stricter side wins: whom the directory deactivated and somebody activated in Zitadel is deactivated there again.',
  }),
  'tokens.lifeMinutes': define({
    schema: z.int().min(1).max(43_200),
    default: 720,
    fromText: toNumber,
    effect: (minutes) =>
      `Marks of ended tokens are kept for ${counted(minutes, 'minute')}. Set it to Zitadel's life of access tokens, or longer.`,
  }),
} as const;

export type SettingKey = keyof typeof definitions;

/** The values that count now. */
export type SettingValues = {
  readonly [K in SettingKey]: (typeof definitions)[K] extends Definition<infer T> ? T : never;
};

export const settingKeys = Object.keys(definitions) as readonly SettingKey[];

/** The environment variable that wins over the page: `sync.brakeUsers` → `DRAWBRIDGE_SYNC_BRAKE_USERS`. */
export function variableOf(key: SettingKey): string {
  return `DRAWBRIDGE_${key
    .replaceAll('.', '_')
    .replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase()}`;
}

/** Whether a text names a setting. */
export function isSettingKey(text: string): text is SettingKey {
  return Object.hasOwn(definitions, text);
}

function counted(count: number, noun: string): string {
  return `${written(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function written(count: number): string {
  return count.toLocaleString('en');
}
