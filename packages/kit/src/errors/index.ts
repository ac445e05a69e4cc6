export type { CodeInfo, ExitCode, KubernetesReason } from './code-info.ts';
export { DrawbridgeError, type ErrorDetails, type Problem } from './error.ts';
export { type ErrorCode, errorRegistry, isErrorCode } from './registry.ts';
