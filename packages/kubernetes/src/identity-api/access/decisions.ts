import { createHash } from 'node:crypto';
import type { Clock } from '@drawbridge/kit';
import type { Caller } from '../caller/index.ts';
import type { AccessAnswer, AccessQuestion, SubjectAccess } from './subject-access.ts';

/** How long answers are remembered, and of how many. */
export interface DecisionOptions {
  /** Absent: nobody may do more than an owner may. */
  readonly subjectAccess?: SubjectAccess | undefined;
  /** Milliseconds. Default 10,000, as kube-apiserver's own. */
  readonly ttlMs?: number;
  readonly clock: Clock;
}

const mostRemembered = 10_000;
/** Groups and extras can be large; such a question is asked each time. */
const largestRemembered = 10_000;

const unanswered: AccessAnswer = { allowed: false, reason: 'no authorizer is configured here' };

/**
 * Asks the authorizer, and remembers what it said for a moment. Only answers are remembered, never that there was none.
 * `system:masters` is let through when kube-apiserver says that somebody is one, and only then.
 */
export function createDecisions({ subjectAccess, ttlMs = 10_000, clock }: DecisionOptions): SubjectAccess {
  if (subjectAccess === undefined) return async () => unanswered;
  const remembered = new Map<string, { readonly answer: AccessAnswer; readonly until: number }>();
  return async (question, signal) => {
    if (isMaster(question.caller)) return { allowed: true };
    const key = keyOf(question);
    const known = key === undefined ? undefined : remembered.get(key);
    if (known && known.until > clock.now()) return known.answer;
    const answer = await subjectAccess(question, signal);
    if (key !== undefined) {
      remembered.delete(key);
      const oldest = remembered.size >= mostRemembered ? remembered.keys().next().value : undefined;
      if (oldest !== undefined) remembered.delete(oldest);
      remembered.set(key, { answer, until: clock.now() + ttlMs });
    }
    return answer;
  };
}

function isMaster({ source, groups }: Caller): boolean {
  return source === 'front-proxy' && groups.includes('system:masters');
}

function keyOf(question: AccessQuestion): string | undefined {
  const text = JSON.stringify(question);
  return text.length > largestRemembered ? undefined : createHash('sha256').update(text).digest('base64');
}
