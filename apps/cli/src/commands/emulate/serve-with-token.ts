import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DrawbridgeError, type Secret, writeFileAtomic } from '@drawbridge/kit';
import type { Context } from '../../context.ts';
import { duration } from '../../terminal/index.ts';
import { untilStopped } from './until-stopped.ts';

/** An issuer whose tokens an emulator takes, and whom they are to be meant for. */
export interface TakenTokens {
  readonly issuer: string;
  readonly audience: readonly string[];
}

/** @throws {DrawbridgeError} `usage` where one of the two is missing */
export function takenTokens(flags: Readonly<Record<string, unknown>>): TakenTokens | undefined {
  const { issuer, audience } = flags as { issuer?: string; audience?: readonly string[] };
  if ((issuer === undefined) !== (audience === undefined))
    throw new DrawbridgeError('usage', { message: '--issuer and --audience go together.' });
  return issuer !== undefined && audience ? { issuer, audience } : undefined;
}

/** An emulator that has started, whose first token is all that one needs. */
export interface StartedEmulator {
  readonly name: 'netbird' | 'openbao';
  readonly url: string;
  readonly token: Secret;
  /** Name of the file that the token is put in. */
  readonly file: string;
  /** What the token may do, in a word. */
  readonly role: string;
  /** By `performance.now()`. */
  readonly began: number;
  readonly stop: () => Promise<void>;
}

/** Puts the token in a file, says where everything is, and resolves once the emulator was told to stop and has. */
export async function serveWithToken(
  { terminal, flags: { dataDir } }: Pick<Context, 'terminal' | 'flags'>,
  { name, url, token, file, role, began, stop }: StartedEmulator,
): Promise<void> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), `drawbridge-${name}-`)));
  const tokenFile = join(folder, file);
  await writeFileAtomic(tokenFile, `${token.expose()}\n`, { mode: 0o600 });
  const stopped = untilStopped({ stop }, dataDir === undefined ? folder : undefined);
  if (terminal.json) {
    terminal.document({ event: 'ready', time: new Date().toISOString(), url, token: tokenFile });
  } else {
    terminal.mark(
      'ok',
      [name, url.padEnd(33), dataDir === undefined ? 'in memory' : 'kept'],
      duration(performance.now() - began),
    );
    terminal.answer(`  token     ${tokenFile}   (${role})`);
    terminal.answer(`  page      ${url}/`);
  }
  await stopped;
}
