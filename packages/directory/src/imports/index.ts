export type { ImportLimits } from './csv.ts';
export { recoverImports, startImport, stopImport } from './decide.ts';
export {
  getImport,
  type ImportView,
  listImports,
  listRows,
  type RowView,
  rolesOf,
  rowOutcomes,
} from './read.ts';
export { resultLines } from './results.ts';
export { uploadImport } from './upload.ts';
export { ImportWorker } from './worker.ts';
