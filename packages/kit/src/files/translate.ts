import { DrawbridgeError } from '../errors/index.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EACCES: 'This account may not open it.',
  EPERM: 'This account may not change it.',
  EISDIR: 'It is a folder.',
  ENOTDIR: 'A part of its path is not a folder.',
  EROFS: 'The file system is read-only.',
  ENOSPC: 'The disk is full.',
};

/** The one place where failures of the file system become errors of ours. */
export function translateFileError(
  error: unknown,
  path: string,
  code: 'file_unreadable' | 'file_unwritable',
): DrawbridgeError {
  if (error instanceof DrawbridgeError) return error;
  const systemCode = (error as NodeJS.ErrnoException | undefined)?.code;
  const why = systemCode === undefined ? undefined : reasons[systemCode];
  return new DrawbridgeError(code, {
    message: `${path} cannot be ${code === 'file_unreadable' ? 'read' : 'written'}.`,
    where: path,
    ...(systemCode === undefined ? {} : { saw: systemCode }),
    ...(why === undefined ? {} : { why }),
    cause: error,
  });
}
