import { z } from 'zod';

/** Values of a field that a list leaves out: `state!=done`, once or several times. */
export function without<T extends z.ZodType>(value: T) {
  return z
    .union([value, z.array(value).max(20)])
    .optional()
    .describe('Leaves out what has this; may be given several times.');
}

/** One value or several, as a list. */
export function listed<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** Words to search for. */
export function words(whose: string) {
  return z.string().max(200).optional().describe(`Beginnings of words of ${whose}.`);
}

export const withoutText = without(z.string().max(200));
