import {
  checkField,
  type Html,
  html,
  numberField,
  section,
  side,
  switches,
  table,
  time,
} from '../../shared/index.ts';
import type { Kernel } from '../kernel.ts';

const shown = { rows: 50, events: 60 } as const;

/** The secrets by name; what they hold is shown nowhere. */
export function secretsSection({ state }: Kernel): Html {
  const rows = [...state.namespaces.values()].flatMap((namespace) =>
    [...namespace.mounts.values()].flatMap((mount) =>
      [...mount.kv.secrets].map(
        ([path, secret]) => html`<tr><td><code>${namespace.path}${mount.row.path}/${path}</code></td>
<td>${secret.current}</td><td>${secret.versions.size}</td></tr>`,
      ),
    ),
  );
  return section('secrets', `Secrets (${rows.length})`, [
    rows.length === 0
      ? html`<p class="quiet">None yet.</p>`
      : table(['Path', 'Newest version', 'Versions kept'], rows.slice(-shown.rows)),
  ]);
}

/** Engines, auth methods with their roles and users, and policies. */
export function mountsSection({ state }: Kernel): Html {
  const rows = [...state.namespaces.values()].flatMap((namespace) => [
    ...[...namespace.mounts.values()].map(
      ({
        row,
        roles,
        users,
      }) => html`<tr><td><code>${namespace.path}${row.kind === 'auth' ? 'auth/' : ''}${row.path}</code></td>
<td>${row.type}</td><td>${[...roles.keys(), ...users.keys()].join(', ')}</td></tr>`,
    ),
    ...[...namespace.policies.keys()].map(
      (name) => html`<tr><td><code>${namespace.path}${name}</code></td><td>policy</td><td></td></tr>`,
    ),
  ]);
  return section('mounts', 'Engines, methods and policies', [
    table(['Path', 'Type', 'Roles and users'], rows),
  ]);
}

/** The tokens by their accessors. */
export function tokensSection(kernel: Kernel): Html {
  const rows = [...kernel.state.tokens.values()].slice(-shown.rows).toReversed();
  return section('tokens', `Tokens (${kernel.state.tokens.size})`, [
    table(
      ['Name', 'Policies', 'Ends', 'Accessor'],
      rows.map(
        (row) => html`<tr><td>${row.displayName}</td><td>${row.policies.join(', ')}</td>
<td>${row.expiresAt === 0 ? 'never' : time(row.expiresAt)}</td><td><code>${row.accessor}</code></td></tr>`,
      ),
    ),
  ]);
}

/** The newest events. */
export function eventsSection({ log }: Kernel): Html {
  const rows = log.events.slice(-shown.events).toReversed();
  return section('events', `Events (${log.events.length})`, [
    table(
      ['When', 'Event', 'Of'],
      rows.map(
        (event) => html`<tr><td>${time(event.at)}</td><td><code>${event.type}</code></td>
<td><code>${event.namespace}${event.type.startsWith('token.') ? 'token' : event.target}</code></td></tr>`,
      ),
    ),
  ]);
}

/** The switches for trouble. */
export function sideSection({ outside, runtime }: Kernel, problem: string | undefined): Html {
  const { controls } = outside;
  return side('Make trouble', problem, [
    switches([
      html`<fieldset><legend>How it behaves</legend>
${numberField('latencyMs', 'Every answer is late by (ms)', controls.latencyMs, 0)}
${checkField('sealed', 'Sealed', 'Everything but health and unsealing is 503.', runtime.sealed)}
${checkField('standby', 'Standby', 'No server is active: health is 429, all else 503.', controls.standby)}
${checkField('quota', 'Quota', 'Five calls a second, then 429.', controls.quota !== null)}
${checkField('outage', 'Outage', 'Every connection is cut. This page still answers.', controls.outage)}
</fieldset>`,
    ]),
  ]);
}
