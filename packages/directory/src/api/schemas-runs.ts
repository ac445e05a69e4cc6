import { z } from 'zod';

export const runStates = [
  'queued',
  'running',
  'waiting',
  'done',
  'attention',
  'quarantined',
  'compensating',
  'compensated',
  'abandoned',
] as const;
const stepStates = [
  'pending',
  'running',
  'waiting',
  'done',
  'late',
  'attention',
  'quarantined',
  'compensated',
] as const;
const decisions = ['resume', 'compensate', 'abandon'] as const;
const time = z.iso.datetime();

const exchange = z
  .object({
    system: z.enum(['zitadel', 'netbird']),
    method: z.string(),
    path: z.string(),
    status: z.int().describe('HTTP status; 0 where there was no answer.'),
    ms: z.int(),
    request: z.string().nullable().describe('Its body, redacted and cut.'),
    reply: z.string().nullable().describe('The same of the answer, or the code of what went wrong.'),
  })
  .meta({
    id: 'Exchange',
    description: 'One call that a step made; secrets, names and addresses are taken out.',
  });

const decided = z
  .object({
    decision: z.enum(decisions),
    by: z.string().describe('Subject of the person.'),
    at: time,
    reason: z.string().nullable().describe('Null once the person concerned was erased.'),
  })
  .meta({ id: 'RunDecision' });

const step = z
  .object({
    name: z.string(),
    title: z.string(),
    place: z.enum(['here', 'zitadel', 'netbird']).describe('Where the step acts.'),
    undo: z.string().nullable().describe('What taking it back would do.'),
    idempotencyKey: z.string().nullable(),
    state: z.enum(stepStates),
    attempts: z.int(),
    attemptsAllowed: z.int().describe('As many tries are made before a person is asked.'),
    detail: z.string().nullable(),
    code: z.string().nullable(),
    error: z.string().nullable().describe('Last error, in words.'),
    exchanges: z
      .array(exchange)
      .describe('What the last try asked elsewhere; the last calls where they are many. Kept for 30 days.'),
    nextTryAt: time.nullable(),
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Step' });

export const run = z
  .object({
    id: z.string(),
    saga: z.string(),
    organizationId: z.string(),
    userId: z.string().nullable(),
    title: z.string().nullable().describe('What the run does, in words.'),
    batchId: z.string().nullable().describe('The import or bulk action it belongs to.'),
    state: z.enum(runStates),
    code: z.string().nullable(),
    reason: z.string().nullable(),
    requestedBy: z.string(),
    steps: z.array(step),
    decision: decided.nullable().describe('What was last decided about it.'),
    choices: z.array(z.enum(decisions)).describe('What a person may decide now.'),
    createdAt: time,
    updatedAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Run' });

export const runPage = z.object({ items: z.array(run), next: z.string().nullable() }).meta({ id: 'RunPage' });
