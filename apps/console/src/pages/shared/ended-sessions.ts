import { useEffect, useState } from 'react';
import type { Session, Sessions } from '../../api/index.ts';

/** A session that was there and is no more. */
export interface EndedSession {
  readonly session: Session;
  /** When that was noticed, as the list told it. */
  readonly at: string;
}

const dayMs = 86_400_000;
/** Whose sessions were seen since the page was loaded; Zitadel tells of none that ended. */
const seen = new Map<string, Map<string, Session>>();
const ended = new Map<string, readonly EndedSession[]>();

/** The sessions of somebody that ended while this browser looked, for a day. */
export function useEndedSessions(whose: string, list: Sessions | undefined): readonly EndedSession[] {
  const [shown, setShown] = useState<readonly EndedSession[]>(() => ended.get(whose) ?? []);
  useEffect(() => {
    if (list) setShown(notice(whose, list));
  }, [whose, list]);
  return shown;
}

function notice(whose: string, { items, at }: Sessions): readonly EndedSession[] {
  const now = new Map(items.map((session) => [session.id, session]));
  const gone = [...(seen.get(whose)?.values() ?? [])].filter(({ id }) => !now.has(id));
  const young = (ended.get(whose) ?? []).filter((one) => Date.parse(at) - Date.parse(one.at) < dayMs);
  const all = [
    ...gone.map((session) => ({ session, at })),
    ...young.filter(({ session }) => !now.has(session.id)),
  ];
  seen.set(whose, now);
  ended.set(whose, all);
  return all;
}
