import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DrawbridgeError,
  readPrivateFile,
  Secret,
  translateFileError,
  writeFileAtomic,
} from '@drawbridge/kit/core';

/** A token of OpenBao that processes of one account share. Times are milliseconds since the epoch. */
export interface KeptToken {
  readonly token: Secret;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly renewable: boolean;
  readonly type: string;
  /** Absent for one without an end. */
  readonly expiresAt?: number;
  /** How long it was given for. */
  readonly lifeMs: number;
  readonly role?: string;
  /** Whose it is, by the id in Zitadel; for sign-ins without one, what names whom. */
  readonly subject?: string;
}

/** Where one token is kept. */
export interface TokenPlace {
  /** Whose lock belongs to it. */
  readonly lockFolder: string;
  read(): Promise<KeptToken | undefined>;
  write(token: KeptToken): Promise<void>;
  remove(): Promise<void>;
}

/** A file name that says nothing and fits everywhere. */
export function nameFor(parts: readonly (string | undefined)[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest('hex')
    .slice(0, 32);
}

/** A file of mode 0600 in a folder (S34). What is not exactly a token counts as none: it costs a sign-in. */
export function tokenFile(folder: string, name: string): TokenPlace {
  const path = join(folder, `${name}.json`);
  return {
    lockFolder: join(folder, `${name}.lock`),
    async read() {
      try {
        return parse((await readPrivateFile(path)).content.expose());
      } catch (error) {
        const { cause } = DrawbridgeError.from(error);
        if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write: ({ token, ...others }) =>
      writeFileAtomic(path, JSON.stringify({ format: 1, token: token.expose(), ...others })),
    async remove() {
      try {
        await rm(path, { force: true });
      } catch (error) {
        throw translateFileError(error, path, 'file_unwritable');
      }
    },
  };
}

function parse(text: string): KeptToken | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, token, accessor, policies, renewable, type, expiresAt, lifeMs, role, subject } =
    value as Record<string, unknown>;
  const isToken = typeof token === 'string' && /^[\x21-\x7e]{1,16384}$/.test(token);
  if (format !== 1 || !isToken || typeof accessor !== 'string' || typeof lifeMs !== 'number')
    return undefined;
  return {
    token: new Secret(token),
    accessor,
    policies: Array.isArray(policies) ? policies.filter((one) => typeof one === 'string') : [],
    renewable: renewable === true,
    type: typeof type === 'string' ? type : 'service',
    lifeMs,
    ...(typeof expiresAt === 'number' ? { expiresAt } : {}),
    ...(typeof role === 'string' ? { role } : {}),
    ...(typeof subject === 'string' ? { subject } : {}),
  };
}
