import { findConnection, mintToken } from '../connection.ts';
import type { Context } from '../context.ts';

/** `drawbridge token`: an access token of a service account or of who is signed in, alone on stdout. */
export async function printToken(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { audience } = flags as { audience?: readonly string[] };
  const connection = await findConnection(context, flags);
  const token = await mintToken(connection, context, audience ?? []);
  if (context.terminal.json)
    context.terminal.document({ schema: 'drawbridge.token/v1', token: token.expose() });
  else context.terminal.answer(token.expose());
}
