import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paths, writeFileAtomic } from '@drawbridge/kit';
import type { OpenbaoPlace } from './openbao.ts';
import type { OpenbaoProfile } from './profile.ts';

/** An OpenBao that tokens were taken from, so that a logout can give back those of every role. No secret is in it. */
export interface UsedPlace extends OpenbaoProfile {
  readonly issuer: string;
  readonly clientId: string;
  readonly allowInsecure: boolean;
}

/** Where the tokens of OpenBao are. */
export function tokensFolder(env: NodeJS.ProcessEnv): string {
  return join(paths({ env }).data, 'openbao');
}

/** Where its values are kept. */
export function valuesFolder(env: NodeJS.ProcessEnv): string {
  return join(paths({ env }).cache, 'values');
}

function pathOf(env: NodeJS.ProcessEnv): string {
  return join(tokensFolder(env), 'places.json');
}

/** The places that a person's tokens were taken from. What cannot be read counts as none. */
export async function usedPlaces(env: NodeJS.ProcessEnv): Promise<readonly UsedPlace[]> {
  try {
    const read: unknown = JSON.parse(await readFile(pathOf(env), 'utf8'));
    return Array.isArray(read) ? (read as readonly UsedPlace[]) : [];
  } catch {
    return [];
  }
}

/** Notes a place before a token is taken there. */
export async function notePlace(env: NodeJS.ProcessEnv, place: OpenbaoPlace): Promise<void> {
  const { person, token: _token, ...openbao } = place;
  if (!person) return;
  const used: UsedPlace = { ...openbao, issuer: person.issuer, clientId: person.clientId };
  const known = await usedPlaces(env);
  const text = JSON.stringify(used);
  if (known.some((one) => JSON.stringify(one) === text)) return;
  await keepPlaces(env, [...known, used]);
}

/** Keeps exactly these. */
export async function keepPlaces(env: NodeJS.ProcessEnv, places: readonly UsedPlace[]): Promise<void> {
  await writeFileAtomic(pathOf(env), `${JSON.stringify(places, null, 2)}\n`, { mode: 0o600 });
}
