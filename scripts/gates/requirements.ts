import { requirements as all } from '../generate/requirements.ts';
import { findProofs, requirementsPage, unproved } from '../generate/requirements-page.ts';
import type { Gate } from '../support/gate.ts';
import { files, read } from '../support/workspace.ts';

const page = 'docs/requirements.md';

/** Every requirement of a built part is proved by a named test, and the page says what the tests say. */
export const requirements: Gate = {
  name: 'requirements',
  run: async () => {
    const proofs = findProofs();
    const known = new Set(all.map(({ id }) => id));
    const complaints = unproved(proofs).map(
      ({ id, area, text }) => `${id} (${area}) is proved by no test: ${text}`,
    );
    for (const [number, [proof]] of proofs) {
      if (!known.has(number)) complaints.push(`${proof?.file} names ${number}, which is no requirement`);
    }
    const current = files(page).length > 0 ? read(page) : '';
    if (current !== requirementsPage()) complaints.push(`${page} is stale: run node scripts/generate.ts`);
    return complaints;
  },
};
