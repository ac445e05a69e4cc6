import { DrawbridgeError } from '@drawbridge/kit';
import { type CredentialFolder, type SetupValues, setupAsEnv, setupAsSecrets } from '@drawbridge/stack';
import type { Context } from '../../context.ts';

/** Forms of what was set up. */
export type OutputForm = 'env' | 'json' | 'secret';

/** Flags that say what is printed. */
export interface OutputFlags {
  readonly output?: string;
  readonly namespace?: string;
  readonly showSecrets?: boolean;
}

/**
 * Reads `--output`, before anything is done.
 *
 * @throws {DrawbridgeError} `usage`, also where secrets would appear on a terminal
 */
export function outputOf(
  { terminal }: Context,
  { output, showSecrets }: OutputFlags,
): OutputForm | undefined {
  if (output === undefined) return undefined;
  if (output !== 'env' && output !== 'json' && output !== 'secret')
    throw new DrawbridgeError('usage', { message: '--output is env, json or secret.' });
  if (output === 'secret' && terminal.answersPerson && showSecrets !== true) {
    throw new DrawbridgeError('usage', {
      message: 'Secrets are not printed on a terminal.',
      fix: 'Send them on: drawbridge setup zitadel --output secret | kubectl apply -f -',
    });
  }
  return output;
}

/** Prints what was set up. Of secrets only `secret` has more than where they are. */
export async function printOutput(
  { terminal }: Context,
  form: OutputForm,
  values: SetupValues,
  folder: CredentialFolder,
  { namespace = 'drawbridge' }: OutputFlags,
): Promise<void> {
  if (form === 'json') terminal.document({ schema: 'drawbridge.setup-zitadel-values/v1', ...values });
  else if (form === 'env') await terminal.write(setupAsEnv(values));
  else await terminal.write((await setupAsSecrets(values, folder, namespace)).expose());
}
