import { buildConsole } from './support/console.ts';

// Before npm start: stdout is the server's own, and without the console the API still works.
const complaint = await buildConsole().catch((error: unknown) => String(error));
if (complaint !== undefined)
  console.error(`The console is not built, the rest starts without it: ${complaint}`);
