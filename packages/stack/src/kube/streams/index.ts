export { type ExecOptions, type ExecResult, execCapture } from './exec.ts';
export { type PortForward, type PortForwardOptions, portForward } from './port-forward.ts';
