import { readFile } from 'node:fs/promises';
import { translateFileError } from '@drawbridge/kit';

/** A file that a person named. @throws {DrawbridgeError} `file_unreadable` */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw translateFileError(error, path, 'file_unreadable');
  }
}
