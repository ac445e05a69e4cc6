import { buildConsole } from './console.ts';

/** Once before all tests: those in a browser need the console as its sources are now. */
export default async function setup(): Promise<void> {
  const complaint = await buildConsole();
  if (complaint !== undefined) console.error(`The console is not built: ${complaint}`);
}
