import { randomUUID } from 'node:crypto';
import { dexUserId } from '@drawbridge/netbird';
import { hashPat, newPat } from './access/index.ts';
import { newXid } from './ids.ts';
import type { Identity } from './kernel.ts';
import { defaultSettings, type EventLog, type NetbirdDraft, type Settings } from './store/index.ts';

/** Who owns the account. */
export interface Owner {
  /** Zitadel's user id, where the owner is to sign in. Default `netbird-owner`, which nobody is. */
  readonly sub?: string;
  readonly email?: string;
  readonly name?: string;
}

/** What the first start makes. */
export interface FirstAccount {
  readonly owner: Owner;
  readonly identity: Identity;
  readonly connectorId: string;
  readonly settings: Partial<Settings>;
  readonly now: number;
}

const yearMs = 365 * 86_400_000;

/**
 * Makes an account as a first sign-in does, with an owner and the group All (management/server/account.go, newAccount), and in it
 * a service user with the role admin. Returns that one's token.
 */
export function makeAccount(log: EventLog, first: FirstAccount): string {
  const { owner, now } = first;
  const sub = owner.sub ?? 'netbird-owner';
  const ownerId = first.identity === 'dex' ? dexUserId(sub, first.connectorId) : sub;
  const serviceUserId = randomUUID();
  const token = newPat();
  const member = { autoGroups: [], blocked: false, pendingApproval: false };
  const drafts: readonly NetbirdDraft[] = [
    {
      type: 'account.create',
      target: newXid(now),
      payload: {
        domain: 'netbird.selfhosted',
        createdBy: ownerId,
        settings: { ...defaultSettings, ...first.settings },
      },
    },
    {
      type: 'user.join',
      target: ownerId,
      payload: {
        ...member,
        role: 'owner',
        name: owner.name ?? 'NetBird Owner',
        email: owner.email ?? 'owner@netbird.localhost',
        isServiceUser: false,
      },
    },
    { type: 'group.add', target: newXid(now), payload: { name: 'All', issued: 'api', peers: [] } },
    {
      type: 'service.user.create',
      target: serviceUserId,
      payload: { ...member, role: 'admin', name: 'drawbridge', email: '', isServiceUser: true },
    },
    {
      type: 'personal.access.token.create',
      target: newXid(now),
      payload: { userId: serviceUserId, name: 'bootstrap', hash: hashPat(token), expiresAt: now + yearMs },
    },
  ];
  log.append({ at: now, initiator: ownerId }, drafts);
  return token;
}
