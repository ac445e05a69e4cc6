import { type Html, html, section, table, time } from '../../shared/index.ts';
import { targetKind } from '../actions/index.ts';
import type { HostedInstance } from '../instances.ts';
import type { Kernel } from '../kernel.ts';
import type { UserRow } from '../projections/index.ts';

const shown = { users: 50, mails: 20, events: 60, deliveries: 15 } as const;

/** The instances of this process. */
export function instancesSection(instances: readonly HostedInstance[], port: string): Html {
  return section('instances', 'Instances', [
    table(
      ['Issuer', 'Administrator', 'Organizations', 'Users', 'Events'],
      instances.map(({ domain, kernel, bootstrap }) => {
        const issuer = `http://${domain}${port}`;
        return html`<tr><td><a href="${issuer}/"><code>${issuer}</code></a></td>
<td><code>${bootstrap.admin.loginName}</code></td><td>${kernel.fresh.organizations.size}</td>
<td>${kernel.fresh.users.size}</td><td>${kernel.log.length}</td></tr>`;
      }),
    ),
  ]);
}

/** Mails with their codes: what one signs up with during development. */
export function mailsSection({ mails }: Kernel): Html {
  const rows = mails.slice(-shown.mails).toReversed();
  return section('mails', 'Mails', [
    rows.length === 0
      ? html`<p class="quiet">None yet. Codes that Zitadel would mail are shown here.</p>`
      : table(
          ['When', 'What', 'To', 'Code', 'Link'],
          rows.map(
            (mail) => html`<tr><td>${time(mail.at)}</td><td>${mail.kind}</td><td>${mail.to}</td>
<td class="code">${mail.code}</td><td>${linkOf(mail.url)}</td></tr>`,
          ),
        ),
  ]);
}

/** Only what leads to a web page is made a link: templates come from callers. */
function linkOf(url: string | undefined): Html {
  if (url === undefined) return html`<span class="quiet">none</span>`;
  return /^https?:/.test(url) ? html`<a href="${url}" rel="noreferrer">open</a>` : html`<code>${url}</code>`;
}

/** The newest users. */
export function usersSection({ fresh }: Kernel): Html {
  const rows = [...fresh.users.values()].slice(-shown.users).toReversed();
  return section('users', `Users (${fresh.users.size})`, [
    table(
      ['Login name', 'Name', 'Mail', 'State', 'Id'],
      rows.map(
        (user) => html`<tr><td>${user.username}</td><td>${user.human?.displayName ?? user.machine?.name}</td>
<td>${user.human?.email}${user.human && !user.human.emailVerified ? html` <span class="quiet">(unverified)</span>` : ''}</td>
<td>${stateOf(user)}</td><td><code>${user.id}</code></td></tr>`,
      ),
    ),
  ]);
}

function stateOf(user: UserRow): Html {
  const names: Readonly<Record<number, string>> = { 1: 'active', 2: 'inactive', 4: 'locked', 5: 'initial' };
  const name = names[user.state] ?? '';
  return html`<span class="${name === 'active' ? 'good' : 'bad'}">${name}</span>`;
}

/** Targets of actions, and what became of the last calls. */
export function targetsSection(kernel: Kernel): Html {
  const { targets, executions } = kernel.fresh;
  if (targets.size === 0) {
    return section('targets', 'Targets', [html`<p class="quiet">None. Actions have nothing to call.</p>`]);
  }
  const kinds = Object.entries(targetKind);
  const rows = [...targets.values()].map((target) => {
    const causes = [...executions.values()].filter((execution) => execution.targets.includes(target.id));
    const silent = !target.awake && kernel.controls.quirks.freshTargetsSilent;
    return html`<tr><td>${target.fields.name}${silent && html` <span class="bad">(silent until updated)</span>`}</td>
<td>${kinds.find(([, number]) => number === target.fields.targetType)?.[0]}</td>
<td><code>${target.fields.endpoint}</code></td>
<td>${causes.map(({ id }) => html`<code>${id}</code> `)}</td></tr>`;
  });
  const calls = kernel.actions.deliveries.slice(-shown.deliveries).toReversed();
  return section('targets', 'Targets', [
    table(['Name', 'Kind', 'Endpoint', 'Called for'], rows),
    calls.length === 0
      ? html`<p class="quiet">Not called yet.</p>`
      : table(
          ['When', 'Call for', 'Target', 'Outcome'],
          calls.map(
            (call) => html`<tr><td>${time(call.at)}</td><td><code>${call.cause}</code></td>
<td>${targets.get(call.targetId)?.fields.name ?? call.targetId}</td>
<td class="${call.outcome === 'delivered' ? 'good' : 'bad'}">${call.outcome}</td></tr>`,
          ),
        ),
  ]);
}

/** The newest events. */
export function eventsSection({ log, fresh }: Kernel): Html {
  const from = Math.max(0, log.length - shown.events);
  const rows = [...log.from(from)].toReversed();
  return section('events', `Events (${log.length})`, [
    table(
      ['When', 'Event', 'Of', 'Seq.', 'By'],
      rows.map(
        (event) => html`<tr><td>${time(event.createdAt)}</td><td><code>${event.type}</code></td>
<td><code>${event.aggregateId}</code></td><td>${event.sequence}</td>
<td>${fresh.users.get(event.editor)?.username ?? event.editor}</td></tr>`,
      ),
    ),
  ]);
}
