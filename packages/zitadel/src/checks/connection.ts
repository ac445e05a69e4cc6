import { readJson } from '@drawbridge/kit';
import type { Check, Finding } from './finding.ts';
import type { InstancePatient } from './patient.ts';

type InstanceCheck = Check<InstancePatient>;

// Zitadel refuses an assertion from more than a second in the future; ours are dated 30 seconds back.
const skewLimitMs = 30_000;

/** The instance answers to the issuer, and calls itself the same. */
export const issuerCheck: InstanceCheck = {
  name: 'issuer',
  needs: [],
  async run(patient) {
    const { issuer } = patient;
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
    if (response.status >= 500) {
      await response.body?.cancel();
      return {
        state: 'fail',
        text: `${issuer} answers ${response.status}`,
        means: 'something answers there, Zitadel or what is in front of it, and cannot serve',
        fix: 'look at the logs of Zitadel and of the proxy in front of it',
      };
    }
    const document = (await readJson(response)) as { issuer?: unknown };
    if (document.issuer !== issuer) return anotherIssuer(issuer, String(document.issuer));
    return { state: 'ok', text: `${issuer} answers as itself` };
  },
};

/** Zitadel makes its issuer of the request's Host and scheme: what differs tells who changed them on the way. */
function anotherIssuer(issuer: string, said: string): Finding {
  const [ours, theirs] = [new URL(issuer), URL.canParse(said) ? new URL(said) : undefined];
  const text = `${issuer} says that its issuer is ${said}`;
  if (theirs?.host === ours.host && theirs.protocol !== ours.protocol) {
    return {
      state: 'fail',
      text,
      means: `Zitadel does not know that it is reached by ${ours.protocol.slice(0, -1)}`,
      fix: 'set ExternalSecure in Zitadel to match, or have the proxy send X-Forwarded-Proto',
    };
  }
  if (theirs?.hostname === ours.hostname && theirs.port !== ours.port) {
    return {
      state: 'fail',
      text,
      means: 'the port belongs to the issuer: tokens and assertions carry it',
      fix: `set ZITADEL_ISSUER=${said}, and the port that is dialled as ZITADEL_API`,
    };
  }
  return {
    state: 'fail',
    text,
    means: 'tokens and assertions would carry a name that Zitadel does not know',
    fix: `set ZITADEL_ISSUER=${said}`,
  };
}

/** Our clock agrees with the one that Zitadel judges assertions by. */
export const clockCheck: InstanceCheck = {
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

/** There is a key to verify tokens with. */
export const keysCheck: InstanceCheck = {
  name: 'jwks',
  needs: ['issuer'],
  async run({ fetch, issuer, signal }) {
    const { keys } = (await readJson(await fetch(`${issuer}/oauth/v2/keys`, { signal }))) as {
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
