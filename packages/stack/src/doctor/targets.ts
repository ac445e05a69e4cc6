import { isLoopback, readText, systemClock } from '@drawbridge/kit';
import { type FoundTarget, hasId } from '@drawbridge/zitadel';
import type { DoctorCheck, DoctorPatient } from './patient.ts';
import { isForbidden } from './tokens.ts';

/** Targets that Drawbridge makes begin with this. */
const ours = 'drawbridge';
/** And the one whose receiver is the directory with this. */
const directorys = 'drawbridge-directory';
/** What UpdateTarget says of an endpoint that Zitadel's deny list names (internal/command/action_v2_target.go). */
const deniedId = 'COMMAND-jKbbu2';

async function ownTargets({ zitadel, signal }: DoctorPatient): Promise<readonly FoundTarget[] | undefined> {
  try {
    const all = await (await zitadel()).actions.listTargets({}, { signal }).all();
    return all.filter(({ name }) => name.startsWith(ours));
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

const unseen = { state: 'skip', text: 'the account may not read targets (IAM_OWNER may)' } as const;
const none = { state: 'skip', text: 'Zitadel has no target of Drawbridge' } as const;

/** Zitadel can call what it is told to, and is told when. */
export const targetsCheck: DoctorCheck = {
  name: 'targets',
  needs: ['token'],
  async run(patient) {
    const targets = await ownTargets(patient);
    if (targets === undefined) return unseen;
    if (targets.length === 0) return none;
    for (const target of targets) {
      const url = URL.canParse(target.endpoint) ? new URL(target.endpoint) : undefined;
      // On one machine both are loopback, which a Zitadel for trials is told to allow.
      if (url && isLoopback(url) && !isLoopback(new URL(patient.issuer))) {
        return {
          state: 'fail',
          text: `target ${target.name} is ${url.origin}`,
          means: "that is Zitadel's own machine to Zitadel, and on its deny list",
          fix: 'set DRAWBRIDGE_EVENTS_URL to where Zitadel reaches it, and start drawbridge serve again',
        };
      }
      const answer = url && (await reach(patient, url));
      if (answer !== undefined) {
        return {
          state: 'warn',
          text: `target ${target.name} is not reached from here (${answer})`,
          means: 'if Zitadel does not reach it either, changes arrive with the next sweep only',
          fix: `start what listens at ${target.endpoint}, or correct its address`,
        };
      }
    }
    const { actions } = await patient.zitadel();
    const executions = await actions.listExecutions({}, { signal: patient.signal }).all();
    const idle = targets.find(({ id }) => !executions.some(({ targets: used = [] }) => used.includes(id)));
    if (idle) {
      return {
        state: 'warn',
        text: `target ${idle.name} is in no execution`,
        means: 'Zitadel never calls it',
        fix: 'start drawbridge serve again, which registers it; or remove the target in Zitadel',
      };
    }
    return { state: 'ok', text: `${targets.map(({ name }) => name).join(', ')} answer` };
  },
};

/** Why a target's server is not reached; any answer of it is one. */
async function reach({ fetch, signal }: DoctorPatient, { origin }: URL): Promise<string | undefined> {
  try {
    await (await fetch(`${origin}/livez`, { signal })).body?.cancel();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'no answer';
  }
}

/** An event that is caused arrives at the directory. */
export const firingCheck: DoctorCheck = {
  name: 'events',
  needs: ['targets'],
  async run(patient) {
    const { mayProbe, directory, signal, probeMs } = patient;
    if (directory === undefined)
      return { state: 'skip', text: 'no directory is set that events could arrive at' };
    if (!mayProbe) return { state: 'skip', text: 'no event was caused to see it arrive (--probe)' };
    const target = (await ownTargets(patient))?.find(({ name }) => name.startsWith(directorys));
    if (!target) return none;
    const { actions } = await patient.zitadel();
    const before = await received(patient);
    const { name, endpoint, kind, interruptOnError, timeoutMs, payload } = target;
    try {
      // A change and back: Zitadel tells its targets of both, and nothing is different afterwards.
      await actions.updateTarget(target.id, { timeoutMs: timeoutMs + 1, endpoint }, { signal });
      await actions.updateTarget(
        target.id,
        { name, endpoint, kind, interruptOnError, timeoutMs, payload },
        { signal },
      );
    } catch (error) {
      if (hasId(error, deniedId)) {
        return {
          state: 'fail',
          text: `Zitadel refuses to call ${endpoint}`,
          means: 'its deny list names the address, or the name does not resolve at Zitadel: no event arrives',
          fix: "take the receiver's network out of ZITADEL_EXECUTIONS_DENYLIST, or give it another address",
        };
      }
      if (isForbidden(error))
        return { state: 'skip', text: 'the account may not cause an event (IAM_OWNER may)' };
      throw error;
    }
    const began = performance.now();
    while (performance.now() - began < probeMs) {
      if ((await received(patient)) > before)
        return { state: 'ok', text: `an event arrived after ${Math.round(performance.now() - began)} ms` };
      await systemClock.sleep(betweenMs, signal);
    }
    return {
      state: 'fail',
      text: `an event did not arrive within ${probeMs / 1_000} s`,
      means: 'Zitadel does not reach the directory, or signs with a key that it does not know',
      fix: `open ${endpoint} to Zitadel; look at the directory's log for refused webhooks`,
    };
  },
};

const betweenMs = 100;

/** How many webhooks the directory has taken. */
async function received({ directory, fetch, signal }: DoctorPatient): Promise<number> {
  const text = await readText(await fetch(`${directory}/metrics`, { signal }));
  const found = text.matchAll(/^drawbridge_events_received_total\{([^}]*)\} (\d+)/gm);
  return [...found].reduce(
    (sum, [, labels = '', count]) => (/outcome="(stored|known)"/.test(labels) ? sum + Number(count) : sum),
    0,
  );
}
