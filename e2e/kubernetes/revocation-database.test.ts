import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { createEventExecutions } from '@drawbridge/events';
import { actionPaths, tokenReviewPath } from '@drawbridge/kubernetes';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Authority, makeAuthority } from '../../packages/kit/test/support/authority.ts';
import { until } from '../../packages/kubernetes/test/support/actions.ts';
import { type Instance, startInstance } from '../../packages/kubernetes/test/support/instance.ts';
import { review } from '../../packages/kubernetes/test/support/post.ts';
import { startDrawbridge } from '../support/command.ts';

const server = process.env.E2E_DATABASE_URL;

describe.skipIf(!server)('actions-server and authn-webhook on one PostgreSQL (E2E_DATABASE_URL)', () => {
  const name = `drawbridge_revocation_${randomBytes(6).toString('hex')}`;
  const url = new URL(server ?? 'postgres://none');
  let folder: string;
  let instance: Instance;
  let authority: Authority;

  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    await administer(`create database ${name}`);
    url.pathname = `/${name}`;
    folder = await mkdtemp(join(tmpdir(), 'drawbridge-revocation-'));
    instance = await startInstance({ outboundDenyList: [] });
    authority = await makeAuthority('servers');
    const { cert, key } = await authority.issue('webhook', ['127.0.0.1']);
    await writeFile(join(folder, 'tls.crt'), cert);
    await writeFile(join(folder, 'tls.key'), key);
    await writeFile(join(folder, 'app.json'), instance.applicationKey, { mode: 0o600 });
    await writeFile(join(folder, 'signing-keys'), 'not-yet', { mode: 0o600 });
  });
  afterAll(async () => {
    await instance.stop();
    await administer(`drop database ${name} with (force)`);
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (...args: readonly string[]) => {
    const running = await startDrawbridge(args, { DATABASE_URL: url.href });
    onTestFinished(async () => {
      await running.kill('SIGKILL');
    });
    return { url: String(running.ready.url), output: running.output };
  };
  const isAuthenticated = async (webhook: string, token: string): Promise<unknown> =>
    await new Promise((resolve, reject) => {
      const sent = request(
        `${webhook}${tokenReviewPath}`,
        {
          method: 'POST',
          ca: authority.pem,
          agent: false,
          headers: { 'content-type': 'application/json' },
        },
        (response) => {
          json(response).then((answer) => {
            resolve((answer as { status: { authenticated?: unknown } }).status.authenticated);
          }, reject);
        },
      );
      sent.on('error', reject);
      sent.end(JSON.stringify(review(token)));
    });

  it('S19 a deactivated user is denied within 5 s of the event, long before the TTL is over', async () => {
    const { zitadel, emulator, projectId } = instance;
    const keyFile = join(folder, 'signing-keys');
    const actions = await start(
      ...['actions-server', '--addr', '127.0.0.1:0', '--without-cluster', '--signing-key-file', keyFile],
    );
    const executions = createEventExecutions({
      actions: zitadel.actions,
      endpoint: `${actions.url}${actionPaths.events}`,
      eventTypes: ['user.deactivated'],
    });
    await executions.ensure();
    await writeFile(keyFile, (await executions.signingKey()).expose(), { mode: 0o600 });
    const webhook = await start(
      ...['authn-webhook', '--zitadel-domain', emulator.issuer, '--audience', projectId],
      ...['--zitadel-private-key', join(folder, 'app.json'), '--cert-dir', folder],
      ...['--host', '127.0.0.1', '--port', '0', '--token-ttl', '5m'],
    );
    const { id, token } = await instance.machine();
    const other = await instance.machine();
    // The first event says which instance it is; before the key file was read again, events were refused and are gone.
    await until(async () => {
      await zitadel.users.deactivate(other.id);
      await zitadel.users.reactivate(other.id);
      return actions.output().includes('events are taken in');
    }, 'the first event');
    await until(async () => webhook.output().includes('revocations are read'), 'the feed');
    expect(await isAuthenticated(webhook.url, token)).toBe(true);
    await zitadel.users.deactivate(id);
    const began = performance.now();
    await until(async () => (await isAuthenticated(webhook.url, token)) !== true, 'the denial');
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
