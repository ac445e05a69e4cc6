import type { ServiceAccount } from '../../api/index.ts';
import { Card, plural, useNow } from '../../parts/index.ts';
import css from './service-accounts.module.css';

const dayMs = 86_400_000;
const shownDays = 90;
const marks = [14, 30] as const;

/** A bar a key: days until it ends; dashed at 14 and 30 days. */
export function KeyLife({ accounts }: { readonly accounts: readonly ServiceAccount[] }) {
  const now = useNow();
  const keys = accounts
    .flatMap(({ name, keys: own }) =>
      own.flatMap(({ id, expiresAt }) =>
        expiresAt === null ? [] : [{ id, name, days: Math.floor((Date.parse(expiresAt) - now) / dayMs) }],
      ),
    )
    .toSorted((a, b) => a.days - b.days);
  const [first] = keys;
  if (!first) return null;
  return (
    <Card
      title={
        first.days < 0
          ? `A key of ${first.name} has ended.`
          : `The next key ends in ${plural(first.days, 'day')}.`
      }
    >
      <ul className={css.bars}>
        {keys.map(({ id, name, days }) => (
          <li key={id}>
            <span>{name}</span>
            <span className={css.track} aria-hidden="true">
              {marks.map((mark) => (
                <span key={mark} className={css.mark} style={{ left: `${(mark / shownDays) * 100}%` }} />
              ))}
              <span
                className={css.bar}
                data-soon={days < marks[0]}
                style={{ width: `${(Math.min(Math.max(days, 1), shownDays) / shownDays) * 100}%` }}
              />
            </span>
            <span className={css.days}>{days < 0 ? 'ended' : plural(days, 'day')}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
