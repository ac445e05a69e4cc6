import { join } from 'node:path';
import type { StackSettings } from '@drawbridge/stack';
import type { Terminal } from '../../terminal/index.ts';

/** Says of a failure where more of it is, and passes it on. */
export function toldOfLog(
  terminal: Terminal,
  { folder }: Pick<StackSettings, 'folder'>,
): (error: unknown) => never {
  return (error) => {
    terminal.note(`What k3d and Helm wrote is in ${join(folder, 'stack.log')}.`);
    throw error;
  };
}
