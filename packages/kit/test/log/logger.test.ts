import { createLogger, DrawbridgeError, type LoggerOptions, silentLogger } from '@drawbridge/kit';
import { expect, it } from 'vitest';

function recorder(options: Omit<LoggerOptions, 'destination'> = {}) {
  const lines: string[] = [];
  return { logger: createLogger({ ...options, destination: { write: (line) => lines.push(line) } }), lines };
}

it('writes one JSON line with level, time, fields and message', () => {
  const { logger, lines } = recorder();
  logger.child({ component: 'sweep' }).info({ count: 3 }, 'users compared');
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    component: 'sweep',
    count: 3,
    message: 'users compared',
  });
});

it('leaves out lines below the level', () => {
  const { logger, lines } = recorder({ level: 'warn' });
  logger.info({}, 'quiet');
  logger.warn({}, 'loud');
  expect(lines).toHaveLength(1);
  silentLogger.child({}).error({}, 'nothing');
});

it('reduces errors to what was written for logs: nothing a foreign error carries along', () => {
  const { logger, lines } = recorder();
  const foreign = Object.assign(new Error('connect failed'), { request: { authorization: 'Bearer s3cr3t' } });
  const error = new DrawbridgeError('invalid_request', {
    where: 'body',
    problems: [{ field: 'name', message: 'is missing' }],
    cause: foreign,
  });
  logger.error({ err: error }, 'failed');
  const { err } = JSON.parse(lines[0] ?? '');
  expect(err).toMatchObject({ code: 'invalid_request', where: 'body', cause: { message: 'connect failed' } });
  expect(err.problems).toHaveLength(1);
  expect(lines[0]).not.toContain('s3cr3t');
});

it('survives something thrown that is no error, and a chain of causes without end', () => {
  const { logger, lines } = recorder();
  const loop = new Error('a');
  loop.cause = loop;
  logger.error({ err: loop }, 'loop');
  logger.error({ err: 'text' }, 'text');
  expect(lines[1]).toContain('not an error');
  expect(lines[1]).not.toContain('"text","err"');
});
