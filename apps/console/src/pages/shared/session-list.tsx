import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Needs, useMe } from '../../access/index.ts';
import { request, type Session, sessionsPath, sessionsQuery } from '../../api/index.ts';
import {
  Button,
  type Column,
  ConfirmDialog,
  DataTable,
  Empty,
  plural,
  Remote,
  Row,
  Time,
} from '../../parts/index.ts';
import { useEndedSessions } from './ended-sessions.ts';

export interface SessionListProps {
  /** Whose sessions; one's own when absent. */
  readonly userId?: string;
  readonly name: string;
  readonly mayEnd: boolean;
}

/** Where is this person signed in? */
export function SessionList({ userId, name, mayEnd }: SessionListProps) {
  const client = useQueryClient();
  const me = useMe();
  const own = userId === undefined || userId === me.userId;
  const all = own ? 'End all others' : 'End all';
  const options = sessionsQuery(userId);
  const query = useQuery(options);
  const ended = useEndedSessions(userId ?? '', query.data);
  const endedAt = new Map(ended.map(({ session, at }) => [session.id, at]));
  const [ending, setEnding] = useState<Session | 'others'>();
  const path = sessionsPath(userId);
  const end = async () => {
    await request(ending === 'others' || !ending ? path : `${path}/${encodeURIComponent(ending.id)}`, {
      method: 'DELETE',
    });
    await client.invalidateQueries({ queryKey: options.queryKey });
  };
  return (
    <Remote query={query} what="The sessions" from="Zitadel" rows={4}>
      {({ items, at }) => (
        <>
          {items.length + ended.length === 0 ? (
            <Empty>{name} is signed in nowhere.</Empty>
          ) : (
            <DataTable
              label="Sessions"
              columns={columns(mayEnd ? setEnding : undefined, endedAt)}
              rows={[...items, ...ended.map(({ session }) => session)]}
              gone={new Set(endedAt.keys())}
              goneTitle="This session has ended"
              rowKey={({ id }) => id}
              foot={
                <span>
                  {plural(items.length, 'session')}, read from Zitadel <Time at={at} />
                </span>
              }
            />
          )}
          {items.length > (own ? 1 : 0) && (
            <Row>
              <Button
                danger
                variant="default"
                style={{ marginTop: 12 }}
                disabled={!mayEnd}
                onClick={() => setEnding('others')}
              >
                {all}
              </Button>
            </Row>
          )}
          {!mayEnd && <Needs permission="sessions.write" to="end sessions" />}
          {ending !== undefined && (
            <ConfirmDialog
              title={
                ending === 'others'
                  ? `End all ${own ? 'other ' : ''}sessions of ${name}?`
                  : `End this session of ${name}?`
              }
              confirm={ending === 'others' ? all : 'End session'}
              keep="Keep signed in"
              danger
              onConfirm={end}
              onClose={() => setEnding(undefined)}
            >
              It ends within 30 s. Zitadel’s refresh token may outlive the session: to be sure that nobody
              gets in, deactivate {name}.
            </ConfirmDialog>
          )}
        </>
      )}
    </Remote>
  );
}

function columns(
  onEnd: ((session: Session) => void) | undefined,
  endedAt: ReadonlyMap<string, string>,
): readonly Column<Session>[] {
  return [
    {
      key: 'device',
      title: 'Device',
      render: ({ userAgent, current }) => (
        <span title={userAgent ?? ''}>
          {deviceOf(userAgent)}
          {current && <strong> · this browser</strong>}
        </span>
      ),
    },
    { key: 'ip', title: 'Place', render: ({ ip }) => ip ?? '–' },
    { key: 'started', title: 'Started', render: ({ createdAt }) => <Time at={createdAt} /> },
    { key: 'seen', title: 'Last seen', render: ({ lastSeenAt }) => <Time at={lastSeenAt} /> },
    {
      key: 'factors',
      title: 'Signed in with',
      minor: true,
      render: ({ factors }) => factors.join(', ') || '–',
    },
    { key: 'expires', title: 'Ends', minor: true, render: ({ expiresAt }) => <Time at={expiresAt} /> },
    {
      key: 'end',
      title: 'End',
      render: (session) =>
        endedAt.has(session.id) ? (
          <span>
            ended <Time at={endedAt.get(session.id)} />
          </span>
        ) : (
          <Button size="compact" variant="default" disabled={!onEnd} onClick={() => onEnd?.(session)}>
            End
          </Button>
        ),
    },
  ];
}

/** Browser and system in words; the whole text is in the tooltip. */
function deviceOf(userAgent: string | null): string {
  if (!userAgent) return 'Unknown device';
  const browser = /(Firefox|Edg|Chrome|Safari)\//.exec(userAgent)?.[1]?.replace('Edg', 'Edge');
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/
    .exec(userAgent)?.[1]
    ?.replace('Mac OS X', 'macOS');
  if (!browser && !system) return userAgent.slice(0, 40);
  return [browser, system].filter(Boolean).join(' on ');
}
