import { checkField, type Html, html, numberField, side, switches } from '../../shared/index.ts';
import type { ControlSettings, Controls } from '../controls.ts';
import { type QuirkName, switchableQuirks } from '../quirks.ts';
import type { WebhookFaults } from '../webhook-faults.ts';

/** What stands in front of a number field, and where its value lives. */
const numbers = [
  { name: 'lagMs', label: 'Lists lag behind (ms)', read: (c: Controls) => c.lagMs },
  { name: 'latencyMs', label: 'Every answer is late by (ms)', read: (c: Controls) => c.latencyMs },
  { name: 'clockOffsetMs', label: 'Clock is moved by (ms)', read: (c: Controls) => c.clockOffsetMs },
] as const;

const webhookNumbers = [
  { name: 'loseNext', label: 'Lose the next' },
  { name: 'repeatNext', label: 'Deliver the next twice' },
  { name: 'delayNext', label: 'Let the next be overtaken' },
] as const satisfies readonly { name: keyof WebhookFaults; label: string }[];

/** The form of everything that can be made to go wrong. */
export function troubleSection(controls: Controls, problem: string | undefined): Html {
  return side('Make trouble', problem, [
    switches([
      html`<fieldset><legend>All calls</legend>
${numbers.map(({ name, label, read }) => numberField(name, label, read(controls)))}
${checkField('outage', 'Outage', 'Every connection is cut. This page still answers.', controls.outage)}
</fieldset>`,
      html`<fieldset><legend>Webhooks of events</legend>
${checkField('paused', 'Paused', 'Events wait, and are dropped when five minutes old.', controls.webhooks.paused)}
${webhookNumbers.map(({ name, label }) => numberField(name, label, controls.webhooks[name]))}
</fieldset>`,
      html`<fieldset><legend>Quirks of Zitadel 4.13</legend>
${Object.entries(switchableQuirks).map(([name, { what, issue }]) =>
  checkField(`quirk-${name}`, issue, what, controls.quirks[name as QuirkName]),
)}
</fieldset>`,
    ]),
  ]);
}

/** What a sent form sets, or what is wrong with it. */
export function settingsOf(form: URLSearchParams): ControlSettings | string {
  const values = new Map<string, number>();
  for (const { name, label } of [...numbers, ...webhookNumbers]) {
    const value = Number(form.get(name) ?? '0');
    const negative = value < 0 && name !== 'clockOffsetMs';
    if (!Number.isSafeInteger(value) || negative) return `“${label}” must be a whole number.`;
    values.set(name, value);
  }
  const value = (name: string): number => values.get(name) ?? 0;
  const quirks = Object.fromEntries(
    Object.keys(switchableQuirks).map((name) => [name, form.has(`quirk-${name}`)]),
  );
  return {
    lagMs: value('lagMs'),
    latencyMs: value('latencyMs'),
    clockOffsetMs: value('clockOffsetMs'),
    outage: form.has('outage'),
    webhooks: {
      paused: form.has('paused'),
      loseNext: value('loseNext'),
      repeatNext: value('repeatNext'),
      delayNext: value('delayNext'),
    },
    quirks,
  };
}
