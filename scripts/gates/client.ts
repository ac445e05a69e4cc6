import { clientTypes } from '../generate/client-types.ts';
import type { Gate } from '../support/gate.ts';
import { files, read } from '../support/workspace.ts';

const path = 'packages/directory/src/client/api.ts';

/** The client's types say what the API says. */
export const client: Gate = {
  name: 'client',
  run: async () => {
    const current = files(path).length > 0 ? read(path) : '';
    return current === clientTypes() ? [] : [`${path} is stale: run node scripts/generate.ts`];
  },
};
