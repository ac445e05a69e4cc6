import { lookup } from 'node:dns/promises';
import { createHttpClient, DrawbridgeError, readPrivateFile, type Secret } from '@drawbridge/kit';
import { type DoctorPatient, inspectPeer } from '@drawbridge/stack';
import { createZitadel, loadApplicationKey, loadServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import { findKey } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { type DevFile, devFolder, readDevFile } from '../../dev-file.ts';
import { doctorSettings, settingsOf } from '../../settings/index.ts';
import { openOpenbaoPatient } from './openbao.ts';

type Flags = Readonly<Record<string, unknown>>;

/** A patient, and what to close after looking at it. */
interface Opened {
  readonly patient: DoctorPatient;
  close(): Promise<void>;
}

/** A call with all its tries: somebody sits in front of this. */
const totalMs = 8_000;

/** Finds out what there is to look at. Nothing is asked over the wire yet. */
export async function openPatient(context: Context, flags: Flags): Promise<Opened> {
  const connection = await findKey(context, flags);
  const { issuer, address, keyPath, projectId } = connection;
  const { values } = await settingsOf(doctorSettings, context, flags);
  const { applicationKeyPath, kubeconfig, allowInsecure } = values;
  const http = createHttpClient({
    timeoutMs: 5_000,
    userAgent: 'drawbridge-doctor',
    ...(address === undefined ? {} : { addresses: { [issuer]: address } }),
  });
  const closing: (() => Promise<void>)[] = [() => http.close()];
  const loadKey = () => loadServiceAccount(keyPath);
  let client: Promise<Zitadel> | undefined;
  const openZitadel = async () => {
    const zitadel = createZitadel({ issuer, http, credentials: await loadKey(), allowInsecure, totalMs });
    closing.push(() => zitadel.close());
    return zitadel;
  };
  const openbao = await openOpenbaoPatient(context, flags);
  if (openbao) closing.push(openbao.close);
  const netbird = await netbirdOf(context, issuer, values);
  const patient: DoctorPatient = {
    issuer,
    address,
    keyPath,
    keyPlace: keyPath,
    projectId,
    directory: connection.directory,
    databaseUrl: values.database,
    fetch: http.fetch,
    signal: context.signal,
    now: () => Date.now(),
    loadKey,
    zitadel: () => (client ??= openZitadel()),
    skewMs: undefined,
    lookup: async (host) => (await lookup(host, { all: true })).map((found) => found.address),
    inspectPeer,
    application: applicationKeyPath === undefined ? undefined : () => loadApplicationKey(applicationKeyPath),
    projectToken: async () => {
      const { mint } = await import('../../token.ts');
      return await mint(connection, context, [], { isForZitadel: false });
    },
    openbao: openbao?.patient,
    netbird:
      netbird &&
      (async () => {
        const { createNetbird } = await import('@drawbridge/netbird');
        const opened = createNetbird({
          url: netbird.url,
          token: await readToken(netbird.tokenPath),
          totalMs,
        });
        closing.push(() => opened.close());
        return opened;
      }),
    cluster:
      kubeconfig === undefined
        ? undefined
        : async () => {
            const { createCluster, loadClusterAccess } = await import('@drawbridge/kubernetes');
            const access = await loadClusterAccess({ kubeconfig, env: context.env });
            const cluster = createCluster({ access, totalMs });
            closing.push(() => cluster.close());
            return cluster;
          },
    mayProbe: flags.probe === true,
    probeMs: 15_000,
  };
  return {
    patient,
    close: async () => {
      // All of them, whatever one of them says: what was found is told next.
      await Promise.allSettled(closing.toReversed().map((close) => close()));
    },
  };
}

const none: Pick<DevFile, 'netbird' | 'netbirdTokenPath'> = {};

/** The NetBird that is set, else that of the `dev` on this machine. */
async function netbirdOf(
  context: Context,
  issuer: string,
  {
    netbirdUrl: url,
    netbirdTokenPath: tokenPath,
  }: { netbirdUrl?: string | undefined; netbirdTokenPath?: string | undefined },
): Promise<{ readonly url: string; readonly tokenPath: string } | undefined> {
  if (url === undefined) {
    const dev = await readDevFile(devFolder(context.env, context.flags.dataDir));
    const { netbird, netbirdTokenPath } = dev?.issuer === issuer ? dev : none;
    return netbird === undefined || netbirdTokenPath === undefined
      ? undefined
      : { url: netbird, tokenPath: netbirdTokenPath };
  }
  if (tokenPath !== undefined) return { url, tokenPath };
  throw new DrawbridgeError('usage', {
    message: 'NetBird is set without a token: --netbird-token-file or DRAWBRIDGE_NETBIRD_TOKEN_PATH.',
  });
}

async function readToken(path: string): Promise<Secret> {
  try {
    return (await readPrivateFile(path)).content.map((text) => text.trim());
  } catch (caught) {
    const { code, message, saw } = DrawbridgeError.from(caught);
    throw new DrawbridgeError(code, {
      message,
      ...(saw === undefined ? {} : { saw }),
      fix: 'put a token of NetBird there, or set DRAWBRIDGE_NETBIRD_TOKEN_PATH to where it is',
      cause: caught,
    });
  }
}
