import type { ServiceAccount } from '../../api/index.ts';
import { Card, formatCount, plural, useNow } from '../../parts/index.ts';
import css from './service-accounts.module.css';

const dayMs = 86_400_000;
const shownDays = 90;
const marks = [14, 30] as const;

interface Key {
  readonly id: string;
  readonly account: ServiceAccount;
  /** Until it ends; nothing where Zitadel does not tell. */
  readonly days: number | undefined;
}

/** A bar a key: days until it ends; dashed at 14 and 30 days, hatched where its end is not known. */
export function KeyLife({
  accounts,
  onOpen,
}: {
  readonly accounts: readonly ServiceAccount[];
  /** Opens the keys of an account. */
  readonly onOpen: (id: string) => void;
}) {
  const now = useNow();
  const keys = keysOf(accounts, now);
  if (keys.length === 0) return null;
  return (
    <Card title={findingOf(keys)}>
      <ul className={css.bars}>
        {keys.map(({ id, account, days }) => (
          <li key={id}>
            <button type="button" className={css.name} title={`Key ${id}`} onClick={() => onOpen(account.id)}>
              {account.name}
            </button>
            <span className={css.track} data-unknown={days === undefined} aria-hidden="true">
              {marks.map((mark) => (
                <span key={mark} className={css.mark} style={{ left: `${(mark / shownDays) * 100}%` }} />
              ))}
              {days !== undefined && (
                <span
                  className={css.bar}
                  data-soon={days < marks[0]}
                  style={{ width: `${(Math.min(Math.max(days, 1), shownDays) / shownDays) * 100}%` }}
                />
              )}
            </span>
            <span className={css.days}>{lifeOf(days)}</span>
          </li>
        ))}
        <li aria-hidden="true">
          <span />
          <span className={css.scale}>
            {[0, ...marks, shownDays].map((mark) => (
              <span key={mark} style={{ left: `${(mark / shownDays) * 100}%` }}>
                {mark === shownDays ? `${mark} days` : mark}
              </span>
            ))}
          </span>
          <span />
        </li>
      </ul>
    </Card>
  );
}

function keysOf(accounts: readonly ServiceAccount[], now: number): readonly Key[] {
  return accounts
    .flatMap((account) =>
      account.keys.map(({ id, expiresAt }) => ({
        id,
        account,
        days: expiresAt === null ? undefined : Math.floor((Date.parse(expiresAt) - now) / dayMs),
      })),
    )
    .toSorted((a, b) => (a.days ?? Number.MAX_VALUE) - (b.days ?? Number.MAX_VALUE));
}

function findingOf([first]: readonly Key[]): string {
  if (first?.days === undefined) return 'No key has an end that is known.';
  if (first.days < 0) return `A key of ${first.account.name} has ended.`;
  return `The next key ends in ${plural(first.days, 'day')}.`;
}

/** Zitadel writes the year 9999 where a key has no end. */
function lifeOf(days: number | undefined): string {
  if (days === undefined) return 'end unknown';
  if (days < 0) return 'ended';
  return days > 36_500 ? 'no end' : `${formatCount(days)} ${days === 1 ? 'day' : 'days'}`;
}
