import { Link } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import type { Attention } from '../../api/index.ts';
import { capital, StateBadge, Time } from '../../parts/index.ts';
import css from './overview.module.css';

/** What stopped until a person decides, the oldest first, each with the way to deciding. */
export function AttentionList({ items }: { readonly items: readonly Attention[] }) {
  const { slug } = useOrganization();
  const sorted = items.toSorted((a, b) => a.since.localeCompare(b.since));
  return (
    <ul className={css.list}>
      {sorted.map((item) => {
        const { state, path } = targetOf(item, slug);
        return (
          <li key={`${item.kind} ${item.id}`}>
            <StateBadge state={state} />
            <span className={css.what}>
              {item.title}{' '}
              <span className="muted">
                since <Time at={item.since} />
              </span>
            </span>
            <Link to={path}>{actionWords(item.action)}</Link>
          </li>
        );
      })}
    </ul>
  );
}

/** The page where it is decided. */
function targetOf({ kind, id }: Attention, org: string): { readonly state: string; readonly path: string } {
  switch (kind) {
    case 'sweep':
      return { state: 'braked', path: `/o/${org}/sweeps/${id}` };
    case 'key':
      return { state: 'attention', path: '/site/integrations' };
    case 'integration':
      return { state: 'unreachable', path: '/site/integrations' };
    default:
      return { state: kind, path: `/o/${org}/runs/${id}` };
  }
}

function actionWords(action: string): string {
  return capital(action || 'open');
}
