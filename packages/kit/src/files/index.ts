export { type FolderLock, lockFolder } from './lock-folder.ts';
export { type PrivateFile, type PrivateFileOptions, readPrivateFile } from './private-file.ts';
export { translateFileError } from './translate.ts';
export { type FolderLockWait, withFolderLock } from './with-folder-lock.ts';
export { type WriteOptions, writeFileAtomic } from './write-atomic.ts';
