import type { Run } from '../../api/index.ts';
import { Choices } from './choices.tsx';
import css from './run.module.css';

/** Why a run stopped, what to do about it in the server's own plain words, and what a person may choose. */
export function Stop({ run }: { readonly run: Run }) {
  const step = run.steps.find(({ state }) => state === 'attention' || state === 'quarantined');
  const code = run.code ?? step?.code ?? undefined;
  const reason = run.reason ?? step?.error ?? 'Nobody knows why: no error was recorded.';
  const last = step?.error && step.error !== reason ? step.error : undefined;
  return (
    <section className={css.stop} aria-label="Why it stopped">
      <p>
        <strong>{reason}</strong> {code && <code>{code}</code>}
      </p>
      {last && (
        <p className="muted">
          {step && step.attempts > 1 ? `${step.attempts} attempts, the last: ` : ''}
          {last}
        </p>
      )}
      <Choices run={run} />
    </section>
  );
}
