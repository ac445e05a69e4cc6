import { formatCount } from '../../parts/index.ts';
import type { News } from './calm-rows.ts';
import css from './news-bar.module.css';

/** "3 new, show": what a live list holds back, so that no row jumps under somebody's hand. */
export function NewsBar({ news, onShow }: { readonly news: News; readonly onShow: () => void }) {
  const { fresh, gone, moved } = news;
  const parts = [
    fresh > 0 && `${formatCount(fresh)} new`,
    gone.size > 0 && `${formatCount(gone.size)} gone`,
    fresh === 0 && gone.size === 0 && moved && 'order changed',
  ].filter(Boolean);
  return (
    <div className={css.place} role="status">
      {parts.length > 0 && (
        <button type="button" className={css.news} onClick={onShow}>
          {parts.join(', ')}, <u>show</u>
        </button>
      )}
    </div>
  );
}
