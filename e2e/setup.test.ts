import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawbridge } from './support/command.ts';

const server = process.env.E2E_DATABASE_URL;

describe.skipIf(server === undefined)('setup directory on PostgreSQL (E2E_DATABASE_URL)', () => {
  it('names the first administrator once, and says so plainly', async () => {
    const { default: pg } = await import('pg');
    const name = `drawbridge_setup_${randomBytes(6).toString('hex')}`;
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(`create database ${name}`);
    try {
      const url = new URL(server ?? '');
      url.pathname = `/${name}`;
      const first = await drawbridge(['setup', 'directory', '--admin', '318273645'], {
        DATABASE_URL: url.href,
      });
      expect(first).toEqual({
        code: 0,
        stdout: '318273645 is the first site administrator. Recorded in the audit; this works only once.\n',
        stderr: expect.stringMatching(/^Next: integrate Zitadel/),
      });
      const second = await drawbridge(['setup', 'directory', '--admin', '42'], { DATABASE_URL: url.href });
      expect([second.code, second.stdout]).toEqual([4, '']);
      expect(second.stderr).toMatch(/^error\[already_set_up\]/);
    } finally {
      await client.query(`drop database ${name} with (force)`);
      await client.end();
    }
  });
});

it('setup directory without a database names the variable, and one that is away is exit code 5', async () => {
  const missing = await drawbridge(['setup', 'directory', '--admin', 'x']);
  expect([missing.code, missing.stderr.includes('DATABASE_URL')]).toEqual([2, true]);
  const away = await drawbridge(['setup', 'directory', '--admin', 'x'], {
    DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/d',
  });
  expect(away.code).toBe(5);
  expect(away.stderr).toMatch(/^error\[database_unavailable\]/);
  expect(away.stderr).not.toContain('hunter2');
});

it.each([
  { allowed: [], ends: [2, 'insecure_url'] },
  { allowed: ['--allow-insecure'], ends: [5, 'database_unavailable'] },
])('setup directory with a Zitadel on plain http and $allowed ends in $ends', async ({ allowed, ends }) => {
  const integration = ['--issuer', 'http://sso.harmony.local:8080', '--project', 'p', '--key', '/k'];
  const client = ['--client-id', 'c', '--client-secret', '/s'];
  const ended = await drawbridge(
    ['setup', 'directory', '--admin', 'x', ...integration, ...client, ...allowed],
    {
      DATABASE_URL: 'postgres://u@127.0.0.1:1/d',
    },
  );
  expect([ended.code, /^error\[(\w+)\]/.exec(ended.stderr)?.[1]]).toEqual(ends);
});
