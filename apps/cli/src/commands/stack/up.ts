import {
  createWorkshop,
  planStack,
  type StackEvent,
  type StackState,
  seeStack,
  stackUp,
} from '@drawbridge/stack';
import type { Context } from '../../context.ts';
import { writeProfile } from '../../places/index.ts';
import { agree, duration, startWait, type Wait, wrap } from '../../terminal/index.ts';
import { stackDemo } from './demo.ts';
import { stackDown } from './down.ts';
import { showPlan } from './plan.ts';
import { stackOf } from './settings.ts';
import { toldOfLog } from './told-of-log.ts';

type Flags = Readonly<Record<string, unknown>>;

/**
 * `drawbridge stack up`: a local cluster with Zitadel and OpenBao that know each other. It shows what it would do, does what is missing, and
 * goes on where an earlier run stopped.
 */
export async function up(context: Context, flags: Flags): Promise<void> {
  if (flags.cleanup === true) return await stackDown(context, { ...flags, yes: true });
  if (flags.demo === true || flags.ssoDemo === true) return await stackDemo(context, flags);
  const { terminal, signal, env } = context;
  const settings = await stackOf(context, flags);
  const workshop = createWorkshop({ settings, signal, env });
  try {
    const seen = await seeStack(settings, { env, signal });
    const parts = planStack(settings, seen);
    const [problem] = seen.problems;
    if (flags.plan === true && terminal.json) {
      terminal.document({
        schema: 'drawbridge.stack-plan/v1',
        name: settings.name,
        issuer: settings.issuer,
        parts,
        problems: seen.problems.map(({ code, message, fix }) => ({ code, message, fix })),
      });
      return;
    }
    if (flags.plan === true || !terminal.json) showPlan(terminal, settings, parts);
    if (flags.plan === true) {
      for (const { message, fix = '' } of seen.problems) {
        terminal.mark('warn', ['in the way', message]);
        // A command stays whole, on a line of its own.
        const lines = fix.split(/(?<=:) (?=helm |k3d )/).flatMap((part) => wrap(part, 64));
        for (const line of lines) terminal.note(`${' '.repeat(16)}${line}`);
      }
      terminal.note('Nothing was changed.');
      return;
    }
    if (problem) throw problem;
    if (settings.context !== undefined) {
      const question = `Make this in the cluster of ${settings.context}?`;
      await agree(terminal, { question, yes: flags.yes === true }, signal);
    }
    const shown = shownOn(context);
    const state = await stackUp(workshop, shown.tell).finally(shown.end).catch(toldOfLog(terminal, settings));
    await keepProfile(context, state);
    conclude(context, state);
  } finally {
    await workshop.close();
  }
}

/** A line for each part, and one that is drawn again for what is waited for. */
function shownOn({ terminal }: Context) {
  let wait: Wait | undefined;
  const end = () => {
    wait?.end();
    wait = undefined;
  };
  const tell = (event: StackEvent) => {
    const { phase } = event;
    if (event.state === 'began') wait = startWait(terminal, `${phase.padEnd(10)} ${event.about}`);
    if (event.state === 'waiting') wait?.update(`${phase.padEnd(10)} ${event.why}`, event.limitMs);
    if (event.state === 'done') {
      end();
      terminal.mark('ok', [`${phase.padEnd(10)} ${event.text}`], duration(event.ms));
      terminal.event('done', { phase, text: event.text, ms: Math.round(event.ms) });
    }
    if (event.state === 'missing') {
      end();
      terminal.mark('warn', [`${phase.padEnd(10)} ${event.error.message}`], duration(event.ms));
      terminal.event('missing', { phase, code: event.error.code, message: event.error.message });
    }
  };
  return { tell, end };
}

/** So that `login`, `config` and `demo --sso` need neither flags nor an entry in the hosts file. */
async function keepProfile(
  { env }: Context,
  { issuer, address, openbao, signIn }: StackState,
): Promise<void> {
  if (signIn.state !== 'ready') return;
  await writeProfile(env, { issuer, address, clientId: signIn.clientId, openbao: { url: openbao, address } });
}

function conclude({ terminal }: Context, state: StackState): void {
  const { name, issuer, openbao, signIn, zitadel } = state;
  const schema = 'drawbridge.stack/v1';
  terminal.event('ready', { schema, name, issuer, openbao, signIn: signIn.state });
  if (!zitadel) {
    terminal.note('OpenBao is ready. Next: drawbridge stack --demo');
  } else if (signIn.state === 'ready') {
    terminal.note(`For a browser, in its hosts file: 127.0.0.1 ${hostOf(issuer)} ${hostOf(openbao)}`);
    terminal.note('Next: drawbridge stack --sso-demo');
  } else {
    terminal.note('The stack is usable; signing in to OpenBao is not. Next: drawbridge stack up');
  }
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}
