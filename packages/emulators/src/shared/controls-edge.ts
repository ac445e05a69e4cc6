import type { IncomingMessage } from 'node:http';
import { type FaultRule, isFaultRule } from './faults.ts';
import { isLocal } from './is-local.ts';

/** What is wrong with a list of failures that is none. */
export const faultsComplaint = 'faults must be a list of {match, times?, status?, message?}.';

/** Whether a request may turn the controls: programs of this machine may, web pages never. */
export function mayControl(request: IncomingMessage): boolean {
  return isLocal(request) && request.headers.origin === undefined;
}

/** A body that is a JSON object, else nothing. */
export function parseObject(body: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    // Not JSON: the caller says what it should have been.
    return undefined;
  }
}

export function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

export function isFaults(value: unknown): value is readonly FaultRule[] {
  return Array.isArray(value) && value.every(isFaultRule);
}
