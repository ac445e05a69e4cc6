import type { Directory } from '@drawbridge/directory';
import { ada, call, createdRun, settled } from './world.ts';

/** Creates a user of `north` and waits until the run is over. @returns its id */
export async function createdUser(
  directory: Directory,
  name: string,
  body: { readonly organization?: string; readonly [field: string]: unknown } = {},
): Promise<string> {
  const email = `${name}@${body.organization ?? 'north'}.example`;
  const run = await settled(directory, await createdRun(directory, { ...ada, email, ...body }));
  if (run.state !== 'done' && run.state !== 'waiting')
    throw new Error(`the user was not created: ${JSON.stringify(run)}`);
  return run.userId;
}

/** Makes a change that answers 202 with a run, and waits until the run is over. */
export async function changed(
  directory: Directory,
  method: string,
  path: string,
  body?: unknown,
  caller = 'root',
) {
  const answer = await call(directory, caller, method, path, body);
  if (answer.status !== 202) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return await settled(directory, (answer.body.run as { id: string }).id);
}
