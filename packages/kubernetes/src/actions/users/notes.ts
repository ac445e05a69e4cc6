import type { ZitadelEvent } from '@drawbridge/events';
import type { Note } from './user-objects.ts';

/**
 * Changes of a user's state in Zitadel, as they are shown at the object. They change neither its spec nor make a
 * UserDeactivation: what somebody did in Zitadel is not what somebody asked for in the cluster.
 */
const said: Readonly<Record<string, Pick<Note, 'reason' | 'type' | 'text'>>> = {
  'user.deactivated': {
    reason: 'DeactivatedInZitadel',
    type: 'Warning',
    text: 'The user was deactivated in Zitadel.',
  },
  'user.reactivated': {
    reason: 'ReactivatedInZitadel',
    type: 'Normal',
    text: 'The user was reactivated in Zitadel.',
  },
  'user.locked': { reason: 'LockedInZitadel', type: 'Warning', text: 'The user was locked in Zitadel.' },
  'user.unlocked': { reason: 'UnlockedInZitadel', type: 'Normal', text: 'The user was unlocked in Zitadel.' },
  'user.removed': {
    reason: 'RemovedInZitadel',
    type: 'Warning',
    text: 'The user was removed in Zitadel. This object stays until somebody deletes it.',
  },
};

/** Exact types that become notes. */
export const notedTypes: readonly string[] = Object.keys(said);

/** What is shown of an event; undefined for one that is not shown. */
export function noteOf(event: ZitadelEvent): Note | undefined {
  const words = said[event.type];
  return (
    words && {
      ...words,
      key: JSON.stringify([event.instance, event.aggregateType, event.aggregateId, event.sequence]),
      at: event.createdAt,
    }
  );
}
