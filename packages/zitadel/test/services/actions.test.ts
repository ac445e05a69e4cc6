import { inspect } from 'node:util';
import { Secret } from '@drawbridge/kit';
import { describe, expect, it } from 'vitest';
import { connectError } from '../support/fetch.ts';
import { zitadelWith } from '../support/zitadel.ts';

const service = 'zitadel.action.v2.ActionService';

describe('targets', () => {
  it('are created by kind, and the signing key is a secret', async () => {
    const { zitadel, fetch } = zitadelWith({
      [`${service}/CreateTarget`]: () => ({ json: { id: '8', signingKey: 'sign-me' } }),
    });
    const made = await zitadel.actions.createTarget({
      name: 'events',
      endpoint: 'https://bridge.acme.example/events',
      kind: 'webhook',
      timeoutMs: 2_500,
    });
    expect(made.signingKey.expose()).toBe('sign-me');
    expect(inspect(made)).not.toContain('sign-me');
    expect(JSON.parse(fetch.sent.at(-1)?.body ?? '')).toEqual({
      name: 'events',
      endpoint: 'https://bridge.acme.example/events',
      timeout: '2.5s',
      restWebhook: { interruptOnError: false },
    });
  });

  it('are not created twice when the answer is lost: the signing key would be', async () => {
    const { zitadel, calls } = zitadelWith({
      [`${service}/CreateTarget`]: () => connectError('unavailable', 'X-1', 503),
    });
    const target = { name: 'n', endpoint: 'https://x.example', kind: 'async', timeoutMs: 1 } as const;
    await expect(zitadel.actions.createTarget(target)).rejects.toMatchObject({ code: 'unreachable' });
    expect(calls()).toEqual(['CreateTarget']);
  });

  it('are read with what proto3 leaves out filled in', async () => {
    const { zitadel } = zitadelWith({
      [`${service}/ListTargets`]: () => ({
        json: {
          pagination: { totalResult: '2' },
          targets: [
            { id: '8', name: 'a', endpoint: 'https://a', timeout: '10s', restCall: {}, signingKey: 'k' },
            {
              id: '9',
              name: 'b',
              endpoint: 'https://b',
              timeout: '0.500s',
              restAsync: {},
              payloadType: 'PAYLOAD_TYPE_JWE',
            },
          ],
        },
      }),
    });
    const [one, two] = await zitadel.actions.listTargets().all();
    expect(one).toMatchObject({ kind: 'call', interruptOnError: false, timeoutMs: 10_000, payload: 'json' });
    expect(one?.signingKey).toBeInstanceOf(Secret);
    expect(two).toMatchObject({ kind: 'async', timeoutMs: 500, payload: 'jwe' });
  });

  it('a new signing key is asked for by an expiry of zero', async () => {
    const { zitadel, fetch } = zitadelWith({
      [`${service}/UpdateTarget`]: () => ({ json: { signingKey: 'new' } }),
    });
    expect((await zitadel.actions.rotateSigningKey('8')).expose()).toBe('new');
    expect(JSON.parse(fetch.sent.at(-1)?.body ?? '')).toEqual({ id: '8', expirationSigningKey: '0s' });
  });

  it('one that is not there counts as removed', async () => {
    const { zitadel } = zitadelWith({ [`${service}/DeleteTarget`]: () => ({ json: {} }) });
    expect(await zitadel.actions.removeTarget('8')).toEqual({ changed: false });
  });
});

describe('executions', () => {
  it('are set whole and listed by their condition', async () => {
    const condition = { event: { event: 'user.removed' } };
    const { zitadel, fetch } = zitadelWith({
      [`${service}/SetExecution`]: () => ({ json: {} }),
      [`${service}/ListExecutions`]: () => ({
        json: { pagination: { totalResult: '1' }, executions: [{ condition, targets: ['8'] }] },
      }),
    });
    await zitadel.actions.setExecution(condition, ['8']);
    expect(JSON.parse(fetch.sent.at(-1)?.body ?? '')).toEqual({ condition, targets: ['8'] });
    expect(await zitadel.actions.listExecutions().all()).toEqual([{ condition, targets: ['8'] }]);
  });
});
