import { createHttpClient, DrawbridgeError, readJson } from '@drawbridge/kit';
import type { StackSettings } from '../settings/index.ts';
import { createK3d } from '../tools/index.ts';
import type { StackState } from './state.ts';

/** One part of a stack, as it is now. */
export interface PartStatus {
  readonly part: 'cluster' | 'openbao' | 'zitadel' | 'sign-in';
  readonly ok: boolean;
  readonly text: string;
}

/** Looks at a stack the way its users do: by its port and its names. */
export async function stackStatus(
  settings: StackSettings & { readonly state: StackState },
  { env, signal }: { readonly env?: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<readonly PartStatus[]> {
  const { issuer, openbao, address, zitadel, state } = settings;
  const http = createHttpClient({ addresses: { [issuer]: address, [openbao]: address }, timeoutMs: 5_000 });
  const look = async (
    part: PartStatus['part'],
    url: string,
    read: (body: Readonly<Record<string, unknown>>) => string | undefined,
    well: string,
  ): Promise<PartStatus> => {
    try {
      const response = await http.fetch(url, { signal, redirect: 'manual' });
      const body = (await readJson(response).catch(() => ({}))) as Readonly<Record<string, unknown>>;
      const wrong = read(body) ?? (response.status === 200 ? undefined : `answers ${response.status}`);
      return { part, ok: wrong === undefined, text: wrong ?? well };
    } catch (error) {
      signal.throwIfAborted();
      return { part, ok: false, text: DrawbridgeError.from(error).message };
    }
  };
  try {
    return [
      await clusterOf(settings, env, signal),
      await look(
        'openbao',
        `${openbao}/v1/sys/health`,
        ({ initialized, sealed }) =>
          initialized === false ? 'is not initialized' : sealed === true ? 'is sealed' : undefined,
        openbao,
      ),
      ...(zitadel
        ? [
            await look(
              'zitadel',
              `${issuer}/.well-known/openid-configuration`,
              (body) =>
                typeof body.issuer === 'string' && body.issuer !== issuer
                  ? `says that it is ${body.issuer}`
                  : undefined,
              issuer,
            ),
            signInOf(state),
          ]
        : []),
    ];
  } finally {
    await http.close();
  }
}

async function clusterOf(
  { context, name }: StackSettings,
  env: NodeJS.ProcessEnv | undefined,
  signal: AbortSignal,
): Promise<PartStatus> {
  if (context !== undefined) return { part: 'cluster', ok: true, text: `${context}, which is yours` };
  try {
    const found = await createK3d(env ? { env } : {}).find(name, signal);
    const runs = found !== undefined && found.serversRunning === found.serversCount;
    const text = runs ? 'runs' : found ? 'is stopped' : 'is gone';
    return { part: 'cluster', ok: runs, text: `k3d "${name}" ${text}` };
  } catch (error) {
    return { part: 'cluster', ok: false, text: DrawbridgeError.from(error).message };
  }
}

function signInOf({ signIn }: StackState): PartStatus {
  if (signIn.state === 'ready') return { part: 'sign-in', ok: true, text: `application ${signIn.clientId}` };
  return {
    part: 'sign-in',
    ok: false,
    text: signIn.state === 'failed' ? `${signIn.code}: ${signIn.why}` : 'was not come to',
  };
}
