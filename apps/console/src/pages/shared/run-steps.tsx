import type { ReactNode } from 'react';
import type { Run, Step } from '../../api/index.ts';
import { capital, formatDuration, StateBadge, useNow } from '../../parts/index.ts';
import css from './run-steps.module.css';
import { StepDetails } from './step-details.tsx';

const places = { here: 'here', zitadel: 'Zitadel', netbird: 'NetBird' } as const;

export interface RunStepsProps {
  readonly run: Run;
  /** Number of a step to open beside the one that stopped. */
  readonly open?: string | undefined;
  /** Why it stopped and what can be done: stands under the step that stopped, before its details. */
  readonly decision?: ReactNode;
}

/** The steps of a run, in order and never hidden, on one axis of time. The one that stopped opens itself. */
export function RunSteps({ run, open, decision }: RunStepsProps) {
  const now = useNow();
  const steps = run.steps;
  const axis = axisOf(run, now);
  const stopped = steps.findIndex(isStopped);
  return (
    <div className={css.frame}>
      {stopped < 0 && decision}
      <ol className={css.steps}>
        {steps.map((step, at) => (
          <li key={step.name} className={css.step} {...(at === stopped ? { 'aria-current': 'step' } : {})}>
            <details open={at === stopped || open === String(at + 1)}>
              <summary className={css.line}>
                <span className={css.number}>{at + 1}</span>
                <span className={css.title}>
                  {capital(step.title)}
                  <small>
                    {step.place ? `${places[step.place]}` : ''}
                    {step.place && step.detail ? ' · ' : ''}
                    {step.detail}
                    {isRetrying(step) && step.error && ` · last: ${step.error}`}
                  </small>
                </span>
                <StateBadge state={shownState(step)} {...attemptsOf(step, now)} />
                <Axis step={step} axis={axis} now={now} />
                <span className={css.took}>{tookOf(step)}</span>
              </summary>
              <div className={css.more}>
                {at === stopped && decision}
                <StepDetails step={step} said={at === stopped && decision !== undefined} />
              </div>
            </details>
          </li>
        ))}
      </ol>
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
  // What follows at somebody's first sign-in takes none of the run's time.
  const late = step.state === 'late' && !step.finishedAt;
  if (!step.startedAt || late) return <span className={css.axis} aria-hidden="true" />;
  const [from, to] = axis;
  const whole = Math.max(1, to - from);
  const start = Math.min(Date.parse(step.startedAt) - from, whole);
  const end = Math.min((step.finishedAt ? Date.parse(step.finishedAt) : Math.max(now, to)) - from, whole);
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
  const moving = run.steps.some(({ state }) => state === 'running' || state === 'waiting');
  return [from, Math.max(...known, moving ? Math.min(now, from + 60_000) : from)];
}

function isStopped({ state }: Step): boolean {
  return state === 'attention' || state === 'quarantined';
}

function shownState(step: Step): string {
  return isRetrying(step) ? 'retrying' : step.state;
}

/** Tried before and tried again by itself: between two attempts, or in a later one. */
function isRetrying({ state, attempts, error, nextTryAt }: Step): boolean {
  if (state === 'waiting') return error !== null && nextTryAt !== null;
  return state === 'running' && attempts > 1;
}

/** "attempt 3 of 6, next in 12 s": a retry must look alive. */
function attemptsOf(step: Step, now: number): { detail?: string } {
  const { attempts, attemptsAllowed, state, nextTryAt } = step;
  if (state === 'done' || (attempts <= 1 && !isRetrying(step))) return {};
  const waitMs = nextTryAt === null ? 0 : Date.parse(nextTryAt) - Math.max(now, Date.now());
  const next = isRetrying(step) && waitMs > 0 ? `, next in ${Math.ceil(waitMs / 1_000)} s` : '';
  return { detail: `attempt ${attempts} of ${attemptsAllowed}${next}` };
}

function tookOf({ startedAt, finishedAt }: Step): string {
  if (!startedAt || !finishedAt) return '';
  return formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
}
