import { join } from 'node:path';
import { DrawbridgeError, paths, requireSecureUrl } from '@drawbridge/kit';
import {
  applyZitadelSetup,
  credentialFolder,
  planZitadelSetup,
  setupValues,
  wishAsYaml,
  type ZitadelSetupOptions,
  type ZitadelSetupPlan,
} from '@drawbridge/stack';
import { createZitadel, loadServiceAccount } from '@drawbridge/zitadel';
import { findKey } from '../../connection.ts';
import { type Context, Findings } from '../../context.ts';
import { readText } from '../../read-text.ts';
import { agree, startWait, wrap } from '../../terminal/index.ts';
import { type OutputFlags, outputOf, printOutput } from './zitadel-output.ts';
import { describeForeign, describeSetupChange, length } from './zitadel-plan.ts';
import { type WishFlags, wishOf } from './zitadel-wish.ts';

interface SetupFlags extends WishFlags, OutputFlags {
  readonly folder?: string;
  readonly print?: boolean;
  readonly plan?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly adopt?: boolean;
  readonly prune?: boolean;
  readonly rotate?: boolean | readonly string[];
  readonly ca?: string;
  readonly allowInsecure?: boolean;
}

/**
 * `drawbridge setup zitadel`: what Drawbridge's jobs need in Zitadel. Shows what would change, and changes it after a yes. Where all
 * is as it is to be, nothing is asked and nothing written.
 */
export async function setupZitadel(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, signal } = context;
  const given = flags as SetupFlags;
  const wish = await wishOf(given);
  if (given.print === true) {
    if (terminal.json) terminal.document({ schema: 'drawbridge.setup-zitadel-wish/v1', wish });
    else await terminal.write(wishAsYaml(wish));
    return;
  }
  const form = outputOf(context, given);
  const { zitadel, issuer, folder } = await open(context, given, flags, wish.owner);
  try {
    const credentials = credentialFolder(folder);
    const options: ZitadelSetupOptions = {
      zitadel,
      wish,
      credentials,
      adopt: given.adopt ?? false,
      prune: given.prune ?? false,
      rotate: given.rotate === true ? 'all' : given.rotate || [],
      call: { signal },
    };
    const plan = await waiting(context, `reading ${issuer}`, () => planZitadelSetup(options));
    const show = form ? (line: string) => terminal.note(line) : (line: string) => terminal.answer(line);
    if (!terminal.json) showPlan(plan, issuer, show);
    const isDue = plan.changes.length > 0 && given.plan !== true && given.dryRun !== true;
    let left = plan;
    if (isDue) {
      const question = `Make ${countOf(plan.changes)}?`;
      await agree(terminal, { question, yes: given.yes ?? false }, signal);
      left = await applied(context, options, plan);
    }
    const values = await setupValues(issuer, wish, left, credentials);
    if (terminal.json) {
      terminal.document({
        schema: 'drawbridge.setup-zitadel/v1',
        issuer,
        applied: isDue,
        changes: plan.changes.map(({ action, title, fields }) => ({ action, title, fields })),
        foreign: plan.foreign,
        notes: left.notes,
        accessTokenMs: left.lifetimes.accessTokenMs,
        folder,
        values,
      });
    } else {
      tell(context, left, { isDue, made: plan.changes, folder });
      if (form) await printOutput(context, form, values, credentials, given);
      else if (isDue) terminal.note('Next: drawbridge setup zitadel --output env');
    }
    if (plan.foreign.length > 0) throw new Findings();
  } finally {
    await zitadel.close();
  }
}

async function open(
  context: Context,
  given: SetupFlags,
  flags: Readonly<Record<string, unknown>>,
  owner: string,
) {
  const { issuer, address, keyPath } = await findKey(context, flags);
  const allowInsecure = given.allowInsecure ?? false;
  requireSecureUrl(issuer, { allowInsecure });
  const zitadel = createZitadel({
    issuer,
    allowInsecure,
    credentials: await loadServiceAccount(keyPath, { logger: context.logger('warn') }),
    ...(address === undefined ? {} : { address }),
    ...(given.ca === undefined ? {} : { ca: await readText(given.ca) }),
  });
  // Two installations that share an instance have accounts of the same names.
  const whose = owner === 'drawbridge' ? '' : `-${owner}`;
  const place = `${new URL(issuer).host.replaceAll(':', '_')}${whose}`;
  return { zitadel, issuer, folder: given.folder ?? join(paths({ env: context.env }).data, 'setup', place) };
}

async function applied(
  { terminal }: Context,
  options: ZitadelSetupOptions,
  plan: ZitadelSetupPlan,
): Promise<ZitadelSetupPlan> {
  const total = plan.changes.length;
  let done = 0;
  const wait = startWait(terminal, `0 of ${total}: ${plan.changes[0]?.title ?? ''}`);
  let left: ZitadelSetupPlan;
  try {
    left = await applyZitadelSetup(options, plan, {
      onMade: () => {
        done += 1;
        wait.update(
          done < total
            ? `${done} of ${total}: ${plan.changes[done]?.title ?? ''}`
            : 'looking whether Zitadel shows all of it',
        );
      },
    });
  } catch (error) {
    terminal.note(`${done} of ${total} changes made, then: ${plan.changes[done]?.title ?? 'the last look'}`);
    throw error;
  } finally {
    wait.end();
  }
  if (left.changes.length === 0) return left;
  throw new DrawbridgeError('conflict', {
    message: 'Everything was made, and Zitadel does not show it so.',
    saw: left.changes.map(({ action, title }) => `${action} ${title}`).join(', '),
    why: 'Somebody else changes the same things, or its lists are far behind.',
    fix: 'drawbridge setup zitadel --plan',
  });
}

async function waiting<T>({ terminal }: Context, text: string, work: () => Promise<T>): Promise<T> {
  const wait = startWait(terminal, text);
  try {
    return await work();
  } finally {
    wait.end();
  }
}

function showPlan(
  { changes, foreign }: ZitadelSetupPlan,
  issuer: string,
  show: (line: string) => void,
): void {
  for (const change of changes) for (const line of describeSetupChange(change)) show(line);
  for (const one of foreign) for (const line of describeForeign(one)) show(line);
  if (changes.length > 0) return;
  show(foreign.length > 0 ? 'Nothing else to change.' : `${issuer} is as it is to be; nothing to do.`);
}

function tell(
  { terminal }: Context,
  plan: ZitadelSetupPlan,
  {
    isDue,
    made,
    folder,
  }: { readonly isDue: boolean; readonly made: readonly unknown[]; readonly folder: string },
): void {
  const note = (text: string) => {
    for (const line of wrap(text)) terminal.note(line);
  };
  for (const text of plan.notes) note(text);
  if (plan.foreign.length > 0) note('What others made was left alone; --adopt takes it over.');
  if (isDue) terminal.mark('ok', ['zitadel', `${countOf(made)} made; a repeat changes nothing`]);
  else if (made.length > 0) note('Nothing was changed.');
  if (isDue) note(`Keys and secrets: ${folder}`);
  if (made.length === 0) return;
  const life = length(plan.lifetimes.accessTokenMs);
  note(
    `Access tokens live ${life}: somebody who is deactivated is denied within ${life} by programs that look at signatures alone, within 30 s by Drawbridge, and within 5 s where it gets events.`,
  );
}

function countOf({ length: count }: readonly unknown[]): string {
  return count === 1 ? '1 change' : `${count} changes`;
}
