import { isLoopback, readText, systemClock } from '@drawbridge/kit';
import { type FoundExecution, type FoundTarget, hasId, type Zitadel } from '@drawbridge/zitadel';
import type { DoctorCheck, DoctorPatient } from './patient.ts';
import { isForbidden } from './tokens.ts';

/** Targets that Drawbridge makes begin with this. */
const ours = 'drawbridge';
/** And the one whose receiver is the directory with this. */
const directorys = 'drawbridge-directory';
/** What UpdateTarget says of an endpoint that Zitadel's deny list names (internal/command/action_v2_target.go). */
const deniedId = 'COMMAND-jKbbu2';

async function ownTargets(patient: DoctorPatient): Promise<readonly FoundTarget[] | undefined> {
  const { signal } = patient;
  const all = await unlessForbidden(patient, ({ listTargets }) => listTargets({}, { signal }).all());
  return all?.filter(({ name }) => name.startsWith(ours));
}

async function executionsOf(patient: DoctorPatient): Promise<readonly FoundExecution[] | undefined> {
  const { signal } = patient;
  return await unlessForbidden(patient, ({ listExecutions }) => listExecutions({}, { signal }).all());
}

/** Undefined where the account may not read it: each of the two has a permission of its own. */
async function unlessForbidden<T>(
  { zitadel }: DoctorPatient,
  read: (actions: Zitadel['actions']) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read((await zitadel()).actions);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/** Who makes a target again, with another address or into the executions that lack it. */
function registrar({ name }: FoundTarget, address: string): string {
  return name.startsWith(directorys)
    ? `set DRAWBRIDGE_EVENTS_URL to ${address}, and start drawbridge serve again`
    : `drawbridge setup zitadel --actions-url with ${address}`;
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
          fix: registrar(target, 'where Zitadel reaches it'),
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
    const executions = await executionsOf(patient);
    if (executions === undefined) return unseen;
    const idle = targets.find(({ id }) => !executions.some(({ targets: used = [] }) => used.includes(id)));
    if (idle) {
      return {
        state: 'warn',
        text: `target ${idle.name} is in no execution`,
        means: 'Zitadel never calls it',
        fix: `${registrar(idle, 'where Zitadel reaches it')}; or remove the target in Zitadel`,
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
  needs: ['targets', 'directory'],
  limitMs: 40_000,
  async run(patient) {
    const { mayProbe, directory, signal, probeMs } = patient;
    if (directory === undefined)
      return { state: 'skip', text: 'no directory is set that events could arrive at' };
    if (!mayProbe) return { state: 'skip', text: 'no event was caused to see it arrive (--probe)' };
    const target = (await ownTargets(patient))?.find(({ name }) => name.startsWith(directorys));
    if (!target) return none;
    const before = await received(patient);
    if (before === undefined) {
      return {
        state: 'warn',
        text: `${directory}/metrics does not count events`,
        means: 'whether they arrive is not seen from here',
        fix: 'set DRAWBRIDGE_DIRECTORY to where drawbridge serve shows its metrics, not to a proxy in front of it',
      };
    }
    try {
      await touch(patient, target);
    } catch (error) {
      if (hasId(error, deniedId)) {
        return {
          state: 'fail',
          text: `Zitadel refuses to call ${target.endpoint}`,
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
      if (((await received(patient)) ?? before) > before)
        return { state: 'ok', text: `an event arrived after ${Math.round(performance.now() - began)} ms` };
      await systemClock.sleep(betweenMs, signal);
    }
    return {
      state: 'fail',
      text: `an event did not arrive within ${probeMs / 1_000} s`,
      means: 'Zitadel does not reach the directory, or signs with a key that it does not know',
      fix: `open ${target.endpoint} to Zitadel; look at the directory's log for refused webhooks`,
    };
  },
};

const betweenMs = 100;

/** A change and back: Zitadel tells its targets of both, and nothing is different afterwards. */
async function touch({ zitadel, signal }: DoctorPatient, target: FoundTarget): Promise<void> {
  const { actions } = await zitadel();
  const { id, name, endpoint, kind, interruptOnError, timeoutMs, payload } = target;
  // Zitadel allows neither none nor more than 270 s.
  const other = timeoutMs > 1 ? timeoutMs - 1 : timeoutMs + 1;
  try {
    await actions.updateTarget(id, { timeoutMs: other, endpoint }, { signal });
  } finally {
    // Without the signal: where somebody interrupts, the first may have been made although its answer was not seen.
    await actions.updateTarget(id, { name, endpoint, kind, interruptOnError, timeoutMs, payload });
  }
}

/** How many webhooks the directory has taken; undefined where it does not say. */
async function received({ directory, fetch, signal }: DoctorPatient): Promise<number | undefined> {
  const response = await fetch(`${directory}/metrics`, { signal });
  const text = await readText(response);
  if (!response.ok || !text.includes(counter)) return undefined;
  const found = text.matchAll(new RegExp(`^${counter}\\{([^}]*)\\} (\\d+)`, 'gm'));
  return [...found].reduce(
    (sum, [, labels = '', count]) => (/outcome="(stored|known)"/.test(labels) ? sum + Number(count) : sum),
    0,
  );
}

const counter = 'drawbridge_events_received_total';
