import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useOrganization } from '../../access/index.ts';
import { type Place, type PlaceFacts, placesQuery, type User } from '../../api/index.ts';
import {
  Card,
  Copyable,
  Facts,
  fullName,
  Icon,
  ProblemPanel,
  Remote,
  StateBadge,
  Time,
} from '../../parts/index.ts';
import css from './summary.module.css';

/** A user here, at Zitadel and at NetBird side by side; each place answers or fails by itself. */
export function Summary({ user }: { readonly user: User }) {
  const { id, name } = useOrganization();
  const query = useQuery(placesQuery(user.id));
  const here = hereOf(user, id);
  const home = user.memberships.find((membership) => membership.home);
  return (
    <>
      <Card title="Three places">
        <Remote query={query} what="The places" from="Zitadel and NetBird" rows={5}>
          {({ zitadel, netbird }) => (
            <div className={css.places}>
              <PlaceColumn title="Here" facts={here} />
              <Remoteplace title="Zitadel" place={zitadel} here={here} />
              <Remoteplace title="NetBird" place={netbird} here={here} />
            </div>
          )}
        </Remote>
      </Card>
      <Card title="About">
        <Facts
          items={[
            ['User', <Copyable key="id" value={user.id} label="user id" max={40} />],
            [
              'At Zitadel',
              user.zitadelUserId ? (
                <Copyable key="zitadel" value={user.zitadelUserId} label="Zitadel user id" max={40} />
              ) : (
                'not made yet'
              ),
            ],
            ['Mail', <Copyable key="mail" value={user.email} label="mail" max={48} />],
            ['Name', fullName(user)],
            ['Home', home?.organizationId === id ? name : (home?.organizationId ?? '–')],
            ['Created', <Time key="created" at={user.createdAt} />],
            ['Changed', <Time key="changed" at={user.updatedAt} />],
          ]}
        />
      </Card>
    </>
  );
}

function Remoteplace({
  title,
  place,
  here,
}: {
  readonly title: string;
  readonly place: Place;
  readonly here: PlaceFacts;
}) {
  if (place.ok) return <PlaceColumn title={title} facts={place} here={here} at={place.at} />;
  const { code, message } = place;
  return (
    <section className={css.place} aria-label={title}>
      <h3>{title}</h3>
      <StateBadge state="unknown" />
      <ProblemPanel
        what={`${title} did not answer`}
        error={Object.assign(new Error(`${message} (${code})`), { name: 'PlaceError' })}
      />
    </section>
  );
}

const rows: readonly (readonly [keyof PlaceFacts, string])[] = [
  ['state', 'State'],
  ['email', 'Mail'],
  ['name', 'Name'],
  ['role', 'Role'],
  ['groups', 'Groups'],
  ['lastSeen', 'Last seen'],
];

function PlaceColumn({
  title,
  facts,
  here,
  at,
}: {
  readonly title: string;
  readonly facts: PlaceFacts;
  readonly here?: PlaceFacts;
  readonly at?: string;
}) {
  return (
    <section className={css.place} aria-label={title}>
      <h3>{title}</h3>
      <dl>
        {rows.map(([name, label]) => {
          const value = factOf(facts, name);
          if (value === undefined) return null;
          const differs = here !== undefined && isDifferent(title, name, value, here[name]);
          return (
            <div key={name} data-differs={differs}>
              <dt>{label}</dt>
              <dd>
                {show(name, value)}
                {differs && (
                  <span className={css.mark} title="Not the same as here">
                    <Icon name="notEqual" size={14} /> differs
                  </span>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      <small className="muted">
        {at ? (
          <>
            read <Time at={at} />
          </>
        ) : (
          'as stored'
        )}
      </small>
    </section>
  );
}

function show(name: keyof PlaceFacts, value: PlaceFacts[keyof PlaceFacts]): ReactNode {
  if (value === null || value === undefined || value.length === 0) return '–';
  if (name === 'lastSeen' && typeof value === 'string') return <Time at={value} />;
  if (name === 'state' && typeof value === 'string') return <StateBadge state={value} />;
  return typeof value === 'string' ? value : value.join(', ');
}

/** The same facts as the directory holds them. */
function hereOf(user: User, organizationId: string): PlaceFacts {
  const own = user.memberships.filter((membership) => membership.organizationId === organizationId);
  return {
    state: user.active ? 'active' : 'inactive',
    email: user.email,
    name: fullName(user),
    role: own.map(({ role }) => role).join(', '),
  };
}

/** A place's word for a fact; nothing where the place has no such fact. Zitadel knows several roles. */
function factOf(facts: PlaceFacts, name: keyof PlaceFacts): PlaceFacts[keyof PlaceFacts] {
  return name === 'role' && facts.roles ? facts.roles.join(', ') : facts[name];
}

/** Only what both places know can differ. NetBird's names and roles are its own, and waiting is no difference. */
function isDifferent(
  place: string,
  name: keyof PlaceFacts,
  there: PlaceFacts[keyof PlaceFacts],
  here: PlaceFacts[keyof PlaceFacts],
): boolean {
  if (!there || !here || there === here) return false;
  if (place === 'NetBird') {
    return (
      name === 'state' &&
      (there === 'blocked') !== (here === 'inactive') &&
      there !== 'waiting' &&
      there !== 'none'
    );
  }
  return name === 'state' || name === 'email' || name === 'name' || name === 'role';
}
