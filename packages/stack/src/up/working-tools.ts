import { appendFileSync, mkdirSync } from 'node:fs';
import { translateFileError } from '@drawbridge/kit';
import { type StackAccess, type StackSettings, stackFiles } from '../settings/index.ts';
import { createHelm, createK3d, type Helm, type K3d } from '../tools/index.ts';

/** What changes a stack from outside of its cluster. */
export interface WorkingTools {
  readonly k3d: K3d;
  helmFor(access: StackAccess): Helm;
}

/** Makes k3d and Helm for one stack: what they write is kept, and while one of them changes something a note says so. */
export function createWorkingTools(
  settings: StackSettings,
  env: NodeJS.ProcessEnv = process.env,
): WorkingTools {
  const { log: path, underWay } = stackFiles(settings);
  const log = (line: string) => {
    try {
      mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    } catch (error) {
      throw translateFileError(error, path, 'file_unwritable');
    }
  };
  return {
    k3d: createK3d({ env, log, underWay }),
    helmFor: (access) => createHelm({ ...access, stack: settings.name, env, log, underWay }),
  };
}
