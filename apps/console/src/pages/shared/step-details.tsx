import type { Exchange, Step } from '../../api/index.ts';
import { Copyable, formatDuration, Time } from '../../parts/index.ts';
import css from './step-details.module.css';

/** What is known of a step: its error unless that was said above, what it asked elsewhere, and what came back. */
export function StepDetails({ step, said }: { readonly step: Step; readonly said: boolean }) {
  return (
    <>
      {step.error && !said && (
        <p className={css.error}>
          {step.error} {step.code && <code>{step.code}</code>}
        </p>
      )}
      <dl className={css.facts}>
        <dt>Attempts</dt>
        <dd>
          {step.attempts} of {step.attemptsAllowed}
        </dd>
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
      {step.exchanges.length > 0 && <Exchanges exchanges={step.exchanges} />}
    </>
  );
}

const systems = { zitadel: 'Zitadel', netbird: 'NetBird' } as const;

/** The calls of the last attempt, in order; one that failed is open. */
function Exchanges({ exchanges }: { readonly exchanges: readonly Exchange[] }) {
  return (
    <section className={css.exchanges} aria-label="What was asked and answered">
      <h3>Asked and answered, in the last attempt</h3>
      {exchanges.map((exchange, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: calls are told in order, and two may be alike
        <details key={at} open={isFailed(exchange)}>
          <summary>
            <span>
              {systems[exchange.system]}{' '}
              <code>
                {exchange.method} {exchange.path}
              </code>
            </span>
            <span className={isFailed(exchange) ? css.failed : undefined}>
              {exchange.status === 0 ? 'no answer' : exchange.status}, {formatDuration(exchange.ms)}
            </span>
          </summary>
          <Body title="Request" text={exchange.request} />
          <Body title="Reply" text={exchange.reply} />
        </details>
      ))}
      <small className="muted">Secrets, names and addresses are taken out, long bodies are cut.</small>
    </section>
  );
}

function Body({ title, text }: { readonly title: string; readonly text: string | null }) {
  return (
    <div className={css.body}>
      <h4>{title}</h4>
      {text === null ? (
        <p className="muted">nothing</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
        <pre tabIndex={0}>{indented(text)}</pre>
      )}
    </div>
  );
}

function isFailed({ status }: Exchange): boolean {
  return status === 0 || status >= 400;
}

/** JSON on lines of its own; what was cut in the middle stays as it came. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
