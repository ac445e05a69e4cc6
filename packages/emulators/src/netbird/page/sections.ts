import { subjectOf } from '@drawbridge/netbird';
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
import type { NetbirdControls } from '../controls.ts';
import type { Kernel } from '../kernel.ts';
import type { PeerRow, UserRow } from '../store/index.ts';

const shown = { rows: 50, events: 60 } as const;

/** The users, and what one would do as each of them. */
export function usersSection({ state }: Kernel): Html {
  const rows = [...state.users.values()].slice(-shown.rows).toReversed();
  return section('users', `Users (${state.users.size})`, [
    table(
      ['Name', 'Mail', 'Role', 'Groups', 'State', 'Id', ''],
      rows.map(
        (user) => html`<tr><td>${user.name || '(no name)'}</td><td>${user.email}</td><td>${user.role}</td>
<td>${user.autoGroups.map((id) => state.groups.get(id)?.name ?? id).join(', ')}</td>
<td>${stateOf(user)}</td><td><code>${user.id}</code></td><td>${deviceForm(user)}</td></tr>`,
      ),
    ),
  ]);
}

function stateOf(user: UserRow): Html {
  if (user.pendingApproval) return html`<span class="bad">waits for approval</span>`;
  return user.blocked ? html`<span class="bad">blocked</span>` : html`<span class="good">active</span>`;
}

function deviceForm(user: UserRow): Html | undefined {
  if (user.isServiceUser || user.blocked) return undefined;
  return html`<form method="post" action="/emulator/page"><input type="hidden" name="sub"
 value="${subjectOf(user.id).subject}"><input type="hidden" name="device" value="${user.name.split(' ')[0] || 'device'}-laptop">
<button name="do" value="device" class="second">Connect a device</button></form>`;
}

/** The devices. */
export function peersSection({ state }: Kernel): Html {
  const rows = [...state.peers.values()].slice(-shown.rows).toReversed();
  if (rows.length === 0)
    return section('peers', 'Devices', [
      html`<p class="quiet">None. A device appears when its user signs in on it.</p>`,
    ]);
  return section('peers', `Devices (${state.peers.size})`, [
    table(
      ['Name', 'Address', 'User', 'State', 'Id'],
      rows.map(
        (peer) => html`<tr><td>${peer.name}</td><td><code>${peer.ip}</code></td>
<td>${state.users.get(peer.userId)?.name ?? peer.userId}</td>
<td>${peerState(peer, state.users.get(peer.userId)?.blocked ?? false)}</td>
<td><code>${peer.id}</code></td></tr>`,
      ),
    ),
  ]);
}

function peerState(peer: PeerRow, isBlocked: boolean): Html {
  if (peer.loginExpired) return html`<span class="bad">has to sign in anew</span>`;
  return isBlocked ? html`<span class="bad">kept out</span>` : html`<span class="good">connected</span>`;
}

/** The groups. */
export function groupsSection({ state }: Kernel): Html {
  return section('groups', `Groups (${state.groups.size})`, [
    table(
      ['Name', 'From', 'Devices', 'Id'],
      [...state.groups.values()].map(
        (group) => html`<tr><td>${group.name}</td><td>${group.issued}</td><td>${group.peers.length}</td>
<td><code>${group.id}</code></td></tr>`,
      ),
    ),
  ]);
}

/** The newest events. */
export function eventsSection({ log, state }: Kernel): Html {
  const rows = log.events.slice(-shown.events).toReversed();
  return section('events', `Events (${log.events.length})`, [
    table(
      ['When', 'Event', 'Of', 'By'],
      rows.map(
        (event) => html`<tr><td>${time(event.at)}</td><td><code>${event.type}</code></td>
<td><code>${event.target}</code></td><td>${state.users.get(event.initiator)?.name ?? event.initiator}</td></tr>`,
      ),
    ),
  ]);
}

/** Signing in as somebody, and the switches for trouble. */
export function sideSection(controls: NetbirdControls, problem: string | undefined): Html {
  const { rateLimit } = controls;
  return side('Do something', problem, [
    html`<form method="post" action="/emulator/page"><fieldset><legend>Sign in to NetBird as</legend>
${textField('sub', 'Zitadel user id', true)}${textField('email', 'Mail', false)}${textField('name', 'Name', false)}
</fieldset><div class="buttons"><button name="do" value="sign-in">Sign in</button></div></form>`,
    switches([
      html`<fieldset><legend>Make trouble</legend>
${numberField('latencyMs', 'Every answer is late by (ms)', controls.latencyMs, 0)}
${checkField('outage', 'Outage', 'Every connection is cut. This page still answers.', controls.outage)}
${checkField('rateLimit', 'Rate limit', 'As upstream’s, where it is turned on: 6 calls a minute and token, 500 at once.', rateLimit !== null)}
</fieldset>`,
    ]),
  ]);
}

function textField(name: string, label: string, required: boolean): Html {
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}"${required ? html` required` : ''}></div>`;
}
