import type { NetbirdEvent, Settings } from './events.ts';
import type { GroupRow, PeerRow, TokenRow, UserRow } from './records.ts';

/** The account as its events made it. */
export class State {
  accountId = '';
  createdAt = 0;
  createdBy = '';
  domain = '';
  settings: Settings = defaultSettings;
  readonly users = new Map<string, UserRow>();
  readonly groups = new Map<string, GroupRow>();
  readonly peers = new Map<string, PeerRow>();
  readonly tokens = new Map<string, TokenRow>();

  /** Takes one event in. */
  apply(event: NetbirdEvent): void {
    const { target, at } = event;
    switch (event.type) {
      case 'account.create':
        this.accountId = target;
        this.createdAt = at;
        this.createdBy = event.payload.createdBy;
        this.domain = event.payload.domain;
        this.settings = event.payload.settings;
        return;
      case 'account.settings.update':
        this.settings = event.payload.settings;
        return;
      case 'user.join':
      case 'user.invite':
      case 'service.user.create':
        this.users.set(target, { id: target, ...event.payload });
        return;
      case 'user.update':
        change(this.users, target, event.payload);
        return;
      case 'user.approve':
        change(this.users, target, { blocked: false, pendingApproval: false });
        return;
      case 'transferred.owner.role':
        change(this.users, target, { role: 'admin' });
        return;
      case 'user.delete':
        this.users.delete(target);
        for (const token of this.tokens.values()) if (token.userId === target) this.tokens.delete(token.id);
        return;
      case 'personal.access.token.create':
        this.tokens.set(target, {
          id: target,
          ...event.payload,
          createdBy: event.initiator,
          createdAt: at,
        });
        return;
      case 'personal.access.token.use':
        change(this.tokens, target, { lastUsed: at });
        return;
      case 'personal.access.token.delete':
        this.tokens.delete(target);
        return;
      case 'group.add':
        this.groups.set(target, { id: target, ...event.payload });
        return;
      case 'group.update':
        change(this.groups, target, event.payload);
        return;
      case 'group.delete':
        this.groups.delete(target);
        return;
      case 'peer.user.add':
        this.peers.set(target, {
          id: target,
          ...event.payload,
          loginExpired: false,
          createdAt: at,
          lastLogin: at,
        });
        change(this.users, event.payload.userId, { lastLogin: at });
        return;
      case 'user.peer.login':
        change(this.peers, target, { loginExpired: false, lastLogin: at });
        change(this.users, event.initiator, { lastLogin: at });
        return;
      case 'peer.login.expire':
        change(this.peers, target, { loginExpired: true });
        return;
      case 'user.peer.delete':
        this.peers.delete(target);
        for (const group of this.groups.values()) {
          if (group.peers.includes(target))
            change(this.groups, group.id, { peers: group.peers.filter((id) => id !== target) });
        }
    }
  }
}

/** Changes one row of a table, if it is there. */
function change<R>(rows: Map<string, R>, id: string, fields: Partial<R>): void {
  const row = rows.get(id);
  if (row) rows.set(id, { ...row, ...fields });
}

/** What a new account has (management/server/account.go, newAccountWithId). */
export const defaultSettings: Settings = {
  jwt_groups_enabled: false,
  jwt_groups_claim_name: '',
  jwt_allow_groups: [],
  groups_propagation_enabled: true,
  regular_users_view_blocked: true,
  peer_login_expiration_enabled: true,
  peer_login_expiration: 86_400,
  extra: { peer_approval_enabled: false, user_approval_required: true },
};
