import { DrawbridgeError, type Fetch, readJson } from '@drawbridge/kit';
import type { ServiceAccount, Zitadel } from '@drawbridge/zitadel';
import type { Connection } from '../connection.ts';

/** What a check found. */
export type Finding =
  | { readonly state: 'ok'; readonly text: string }
  | {
      readonly state: 'warn' | 'fail';
      readonly text: string;
      readonly means?: string;
      readonly fix?: string;
    };

/** What the checks look at; later ones use what earlier ones made. */
export interface Patient {
  readonly connection: Connection;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** Time of this machine, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly loadKey: () => Promise<ServiceAccount>;
  readonly zitadel: () => Promise<Zitadel>;
  /** Milliseconds by which this machine is ahead of Zitadel, once an answer told. */
  skewMs: number | undefined;
}

/** One thing that commonly goes wrong. */
export interface Check {
  readonly name: string;
  /** Names of checks without which this one would only repeat their failure. */
  readonly needs: readonly string[];
  run(patient: Patient): Promise<Finding>;
}

const day = 86_400_000;
// Zitadel refuses an assertion from more than a second in the future; ours are dated 30 seconds back.
const skewLimitMs = 30_000;

const issuerCheck: Check = {
  name: 'issuer',
  needs: [],
  async run(patient) {
    const { issuer } = patient.connection;
    const response = await patient.fetch(`${issuer}/.well-known/openid-configuration`, {
      signal: patient.signal,
    });
    const date = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(date)) patient.skewMs = patient.now() - date;
    if (response.status === 404) {
      return {
        state: 'fail',
        text: `no instance answers to ${new URL(issuer).host}`,
        means: 'Zitadel picks the instance by Host; its ExternalDomain or port differs',
        fix: "set ZITADEL_ISSUER to the URL that Zitadel's console has; keep ZITADEL_API",
      };
    }
    const document = (await readJson(response)) as { issuer?: unknown };
    if (document.issuer !== issuer) {
      return {
        state: 'fail',
        text: `${issuer} says that its issuer is ${String(document.issuer)}`,
        means: 'tokens and assertions would carry a name that Zitadel does not know',
        fix: `set ZITADEL_ISSUER=${String(document.issuer)}`,
      };
    }
    return { state: 'ok', text: `${issuer} answers as itself` };
  },
};

const clockCheck: Check = {
  name: 'clock',
  needs: ['issuer'],
  async run({ skewMs }) {
    if (skewMs === undefined)
      return { state: 'warn', text: 'Zitadel sends no Date, so the clocks cannot be compared' };
    const seconds = Math.round(Math.abs(skewMs) / 1_000);
    // The header counts whole seconds and the answer takes its time: below two nothing can be said.
    if (seconds < 2) return { state: 'ok', text: "this machine agrees with Zitadel's clock" };
    const text = `this machine is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} Zitadel`;
    if (Math.abs(skewMs) < skewLimitMs) return { state: 'ok', text };
    return {
      state: 'fail',
      text,
      means:
        skewMs > 0
          ? 'every assertion is refused as coming from the future'
          : 'tokens look valid here for longer than they are',
      fix: 'sudo timedatectl set-ntp true',
    };
  },
};

const keyCheck: Check = {
  name: 'key',
  needs: [],
  async run({ loadKey, now, connection }) {
    const { expiresAt, keyId } = await loadKey();
    if (expiresAt === undefined) return { state: 'ok', text: `${keyId}, without an end` };
    const days = Math.floor((expiresAt - now()) / day);
    if (days < 0) {
      return {
        state: 'fail',
        text: `${keyId} ended ${-days} days ago`,
        means: 'Zitadel refuses it',
        fix: `create a new key for the service account and put it at ${connection.keyPath}`,
      };
    }
    if (days < 14) {
      return {
        state: 'warn',
        text: `${keyId} ends in ${days} days`,
        means: 'provisioning and sync stop then',
        fix: `create a new key for the service account and put it at ${connection.keyPath}`,
      };
    }
    return { state: 'ok', text: `${keyId}, ${days} days left` };
  },
};

const tokenCheck: Check = {
  name: 'token',
  needs: ['issuer', 'clock', 'key'],
  async run({ zitadel, signal }) {
    await (await zitadel()).token.get({ signal });
    return { state: 'ok', text: 'Zitadel gives a token for the key' };
  },
};

const versionCheck: Check = {
  name: 'version',
  needs: ['token'],
  async run({ zitadel, signal }) {
    const { version } = await (await zitadel()).probe({ signal });
    // An account without iam.read is not told the number; the probe then looked at what the instance offers.
    return {
      state: 'ok',
      text: version === undefined ? 'Zitadel offers what is needed' : `Zitadel ${version}`,
    };
  },
};

const rolesCheck: Check = {
  name: 'roles',
  needs: ['token'],
  async run({ zitadel, signal }) {
    const { organizations } = await zitadel();
    // What is shown counts: Zitadel's total includes what the account may not see.
    const shown = await organizations.list({}, { signal, pageSize: 100 }).all();
    const seen = shown.length;
    if (seen > 0) {
      return { state: 'ok', text: `the service account sees ${seen} organization${seen === 1 ? '' : 's'}` };
    }
    return {
      state: 'fail',
      text: 'the service account sees no organization',
      means: 'nobody can be provisioned',
      fix: 'make it IAM_USER_MANAGER of the instance',
    };
  },
};

const keysCheck: Check = {
  name: 'jwks',
  needs: ['issuer'],
  async run({ fetch, connection, signal }) {
    const { keys } = (await readJson(await fetch(`${connection.issuer}/oauth/v2/keys`, { signal }))) as {
      keys?: unknown[];
    };
    const count = keys?.length ?? 0;
    if (count > 0) return { state: 'ok', text: `${count} signing key${count === 1 ? '' : 's'} published` };
    return {
      state: 'fail',
      text: 'Zitadel publishes no signing key',
      means: 'no token can be verified',
      fix: "look at Zitadel's log",
    };
  },
};

const directoryCheck: Check = {
  name: 'directory',
  needs: [],
  async run({ connection, fetch, signal }) {
    if (connection.directory === undefined) return { state: 'ok', text: 'none is set; nothing to check' };
    const response = await fetch(`${connection.directory}/readyz`, { signal });
    if (response.ok) return { state: 'ok', text: `${connection.directory} is ready` };
    const { checks = {} } = (await readJson(response)) as { checks?: Record<string, string> };
    const failed = Object.entries(checks).flatMap(([name, result]) => (result === 'ok' ? [] : [name]));
    return {
      state: 'fail',
      text: `${connection.directory} is not ready: ${failed.join(', ') || 'it is stopping'}`,
      means: 'nothing is provisioned',
      fix: 'look at its log for "readiness check failed"',
    };
  },
};

/** All checks, in the order they are made. */
export const checks: readonly Check[] = [
  issuerCheck,
  clockCheck,
  keyCheck,
  tokenCheck,
  versionCheck,
  rolesCheck,
  keysCheck,
  directoryCheck,
];

/** An error that a check met, as a finding. */
export function findingOf(caught: unknown): Finding {
  const error = DrawbridgeError.from(caught);
  const means = [error.saw ? `saw ${error.saw}` : '', error.why ?? ''].filter(Boolean).join('; ');
  return {
    state: 'fail',
    text: error.message,
    ...(means ? { means } : {}),
    ...(error.fix ? { fix: error.fix } : {}),
  };
}
