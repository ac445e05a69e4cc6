import { useState } from 'react';
import { Administrators } from '../access/index.ts';
import { type Problem, problemOf, problemText, signInUrl } from '../api/index.ts';
import { Button, ButtonLink } from './button.tsx';
import { Copyable, copy } from './copyable.tsx';
import { formatClock } from './format.ts';
import css from './parts.module.css';

export interface ProblemPanelProps {
  readonly error: unknown;
  /** What was not done or not shown: "The run could not be resumed". */
  readonly what: string;
  readonly onRetry?: () => void;
}

/** What went wrong, where, and what to do: the terminal's error as a panel. */
export function ProblemPanel({ error, what, onRetry }: ProblemPanelProps) {
  const problem = problemOf(error);
  const [at] = useState(() => Date.now());
  return (
    <section
      className={`${css.panel} ${problem.status === 0 || problem.status >= 500 ? '' : css.soft}`}
      role="alert"
    >
      <h3>{what}</h3>
      <p>{problem.detail ?? problem.title}</p>
      {problem.problems && (
        <ul>
          {problem.problems.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              {field}: {message}
            </li>
          ))}
        </ul>
      )}
      {problem.status === 403 && <Administrators />}
      <Facts problem={problem} at={at} />
      <div className={css.row}>
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
        {problem.status === 401 && (
          <ButtonLink size="xs" outside href={signInUrl()}>
            Sign in
          </ButtonLink>
        )}
        <Button size="xs" variant="subtle" onClick={() => void copy(problemText(problem), 'error')}>
          Copy as text
        </Button>
      </div>
    </section>
  );
}

function Facts({ problem, at }: { readonly problem: Problem; readonly at: number }) {
  return (
    <dl className={css.facts}>
      <dt>code</dt>
      <dd>{problem.code}</dd>
      {problem.where && (
        <>
          <dt>where</dt>
          <dd>{problem.where}</dd>
        </>
      )}
      {problem.fix && (
        <>
          <dt>do</dt>
          <dd>{problem.fix}</dd>
        </>
      )}
      <dt>at</dt>
      <dd>{formatClock(at)}</dd>
      {problem.requestId && (
        <>
          <dt>request</dt>
          <dd>
            <Copyable value={problem.requestId} label="request id" />
          </dd>
        </>
      )}
    </dl>
  );
}
