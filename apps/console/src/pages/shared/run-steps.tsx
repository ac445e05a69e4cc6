import type { Run, Step } from '../../api/index.ts';
import { Copyable, capital, formatDuration, StateBadge, Time, useNow } from '../../parts/index.ts';
import css from './run-steps.module.css';

const places = { here: 'here', zitadel: 'Zitadel', netbird: 'NetBird' } as const;

/** The steps of a run, in order and never hidden, on one axis of time. The one that stopped opens itself. */
export function RunSteps({ run, open }: { readonly run: Run; readonly open?: string | undefined }) {
  const now = useNow();
  const steps = run.steps;
  const axis = axisOf(run, now);
  return (
    <div className={css.frame}>
      <ol className={css.steps}>
        {steps.map((step, at) => (
          <li key={step.name} className={css.step}>
            <details open={isStopped(step) || open === String(at + 1)}>
              <summary className={css.line}>
                <span className={css.number}>{at + 1}</span>
                <span className={css.title}>
                  {capital(step.title)}
                  <small>
                    {step.place ? `${places[step.place]}` : ''}
                    {step.place && step.detail ? ' · ' : ''}
                    {step.detail}
                  </small>
                </span>
                <StateBadge state={shownState(step)} {...attemptsOf(step)} />
                <Axis step={step} axis={axis} now={now} />
                <span className={css.took}>{tookOf(step)}</span>
              </summary>
              <More step={step} />
            </details>
          </li>
        ))}
      </ol>
    </div>
  );
}

function More({ step }: { readonly step: Step }) {
  return (
    <div className={css.more}>
      {step.error && (
        <p className={css.error}>
          {step.error} {step.code && <code>{step.code}</code>}
        </p>
      )}
      <dl>
        <dt>Attempts</dt>
        <dd>{step.attempts}</dd>
        {step.nextTryAt && (
          <>
            <dt>Next try</dt>
            <dd>
              <Time at={step.nextTryAt} />
            </dd>
          </>
        )}
        <dt>Started</dt>
        <dd>
          <Time at={step.startedAt} />
        </dd>
        <dt>Finished</dt>
        <dd>
          <Time at={step.finishedAt} />
        </dd>
        {step.idempotencyKey && (
          <>
            <dt>Idempotency key</dt>
            <dd>
              <Copyable value={step.idempotencyKey} label="idempotency key" max={48} />
            </dd>
          </>
        )}
        {step.undo && (
          <>
            <dt>Undo would</dt>
            <dd>{step.undo}</dd>
          </>
        )}
      </dl>
    </div>
  );
}

/** Where on the run's time the step lies. */
function Axis({
  step,
  axis,
  now,
}: {
  readonly step: Step;
  readonly axis: readonly [number, number];
  readonly now: number;
}) {
  if (!step.startedAt) return <span className={css.axis} aria-hidden="true" />;
  const [from, to] = axis;
  const whole = Math.max(1, to - from);
  const start = Date.parse(step.startedAt) - from;
  const end = (step.finishedAt ? Date.parse(step.finishedAt) : Math.max(now, to)) - from;
  return (
    <span className={css.axis} aria-hidden="true">
      <span
        className={css.bar}
        style={{ left: `${(start / whole) * 100}%`, width: `${Math.max(0, (end - start) / whole) * 100}%` }}
      />
    </span>
  );
}

function axisOf(run: Run, now: number): readonly [number, number] {
  const times = run.steps.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt]);
  const known = times.flatMap((at) => (at ? [Date.parse(at)] : []));
  const from = Math.min(...known, Date.parse(run.createdAt) + 86_400_000);
  return [from, Math.max(...known, run.finishedAt ? from : Math.min(now, from + 60_000))];
}

function isStopped({ state }: Step): boolean {
  return state === 'attention' || state === 'quarantined';
}

function shownState(step: Step): string {
  return step.state === 'running' && step.attempts > 1 ? 'retrying' : step.state;
}

function attemptsOf({ attempts, state }: Step): { detail?: string } {
  return attempts > 1 && state !== 'done' ? { detail: `attempt ${attempts}` } : {};
}

function tookOf({ startedAt, finishedAt }: Step): string {
  if (!startedAt || !finishedAt) return '';
  return formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
}
