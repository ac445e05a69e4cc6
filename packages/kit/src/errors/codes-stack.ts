import type { CodeInfo } from './code-info.ts';

/** Codes of the local cluster: the programs that it is made with, and what is kept of it. */
export const stackCodes = {
  program_missing: {
    status: 500,
    exit: 1,
    reason: 'InternalError',
    message: 'A program that is needed is not installed.',
  },
  program_too_old: {
    status: 500,
    exit: 1,
    reason: 'InternalError',
    message: 'A program that is needed is not of a version that this was tried with.',
  },
  program_failed: {
    status: 500,
    exit: 1,
    reason: 'InternalError',
    message: 'A program that was started did not do its work.',
  },
  stack_keys_missing: {
    status: 500,
    exit: 1,
    reason: 'InternalError',
    message: 'What the stack is opened with is not in its folder.',
    fix: 'Put the files back, or begin anew: drawbridge stack down, then drawbridge stack up.',
  },
  stack_name_taken: {
    status: 409,
    exit: 4,
    reason: 'Conflict',
    message: 'What has this name was not made for this stack.',
  },
  stack_missing: {
    status: 404,
    exit: 4,
    reason: 'NotFound',
    message: 'No stack is known here.',
    fix: 'drawbridge stack up',
  },
} satisfies Record<string, CodeInfo>;
