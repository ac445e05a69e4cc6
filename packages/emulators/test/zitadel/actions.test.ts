import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { action, emulatorForTests } from './support.ts';

const { emulator, call } = emulatorForTests({ outboundDenyList: ['denied.example', '10.0.0.0/8'] });

const webhook = (extra: object = {}) => ({
  name: 'hook',
  restWebhook: {},
  timeout: '10s',
  endpoint: 'https://192.0.2.1/events',
  ...extra,
});

async function target(extra: object = {}): Promise<string> {
  return String((await call(action('CreateTarget'), webhook(extra))).body.id);
}

describe('targets', () => {
  it('are made with a signing key that can be read again, and replaced', async () => {
    const made = await call(action('CreateTarget'), webhook({ restCall: { interruptOnError: true } }));
    const { id, signingKey } = made.body;
    const read = await call(action('GetTarget'), { id });
    expect(read.body.target).toMatchObject({ id, name: 'hook', timeout: '10s', signingKey });
    const same = await call(action('UpdateTarget'), { id, name: 'hook' });
    expect(same.body.signingKey).toBeUndefined();
    const rotated = await call(action('UpdateTarget'), { id, expirationSigningKey: '0s' });
    expect(rotated.body.signingKey).not.toBe(signingKey);
    const again = await call(action('GetTarget'), { id });
    expect(again.body.target).toMatchObject({ signingKey: rotated.body.signingKey });
  });

  it('keep their signing key out of the log', async () => {
    const { signingKey } = (await call(action('CreateTarget'), webhook())).body;
    expect(JSON.stringify([...emulator.events])).not.toContain(String(signingKey));
  });

  it('are refused as upstream refuses them', async () => {
    const refusal = async (method: string, body: object) =>
      String((await call(action(method), body)).body.message);
    expect(await refusal('CreateTarget', webhook({ timeout: '0s' }))).toContain('COMMAND-39f35d8uri');
    expect(await refusal('CreateTarget', webhook({ endpoint: '::' }))).toContain('COMMAND-1r2k6qo6wg');
    expect(await refusal('CreateTarget', webhook({ timeout: '271s' }))).toContain('270s');
    for (const host of ['denied.example', 'DENIED.example:8080', '10.1.2.3']) {
      const endpoint = `http://${host}/`;
      expect(await refusal('CreateTarget', webhook({ endpoint }))).toContain('COMMAND-NcJUKo');
    }
    const id = await target();
    expect(await refusal('UpdateTarget', { id, endpoint: 'http://10.0.0.1' })).toContain('COMMAND-jKbbu2');
    expect(await refusal('UpdateTarget', { id: 'none', name: 'x' })).toContain('COMMAND-xj14f2cccn');
    expect((await call(action('DeleteTarget'), { id: 'none' })).status).toBe(200);
  });

  it('cannot be on this machine unless the deny list is set', async () => {
    const { DenyList, defaultDenyList } = await import('../../src/zitadel/actions/index.ts');
    const standard = new DenyList(defaultDenyList);
    const denied = [
      'http://localhost',
      'http://127.9.9.9:1',
      'http://[::1]',
      'http://0.0.0.0',
      'http://[::]',
    ];
    for (const url of denied) expect([url, standard.denies(new URL(url))]).toEqual([url, true]);
    expect(standard.denies(new URL('http://10.0.0.1'))).toBe(false);
    // A harmless name does not help against an address that it means.
    const byAddress = new DenyList(['127.0.0.0/8', '::1']);
    expect(byAddress.denies(new URL('http://localhost'))).toBe(false);
    expect(await byAddress.deniesNow(new URL('http://localhost'))).toBe(true);
  });

  it('are listed by name and id, newest last when ascending', async () => {
    const first = await target({ name: 'list-a' });
    const second = await target({ name: 'list-b' });
    const named = await call(action('ListTargets'), {
      filters: [{ targetNameFilter: { targetName: 'list-', method: 'TEXT_FILTER_METHOD_STARTS_WITH' } }],
      sortingColumn: 'TARGET_FIELD_NAME_CREATED_DATE',
      pagination: { asc: true },
    });
    expect(named.body.targets).toMatchObject([{ id: first }, { id: second }]);
    const byId = await call(action('ListTargets'), {
      filters: [{ inTargetIdsFilter: { targetIds: [second] } }],
    });
    expect(byId.body.targets).toMatchObject([
      { id: second, restWebhook: {}, payloadType: 'PAYLOAD_TYPE_JSON' },
    ]);
  });

  it('have public keys of which one is active', async () => {
    const targetId = await target();
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString();
    const publicKey = Buffer.from(pem).toString('base64');
    const add = () => call(action('AddPublicKey'), { targetId, publicKey });
    const keys = [await add(), await add()].map(({ body }) => String(body.keyId));
    const [first = '', second = ''] = keys;
    for (const keyId of [first, first, second]) {
      expect((await call(action('ActivatePublicKey'), { targetId, keyId })).status).toBe(200);
    }
    const active = await call(action('ListPublicKeys'), { targetId, filters: [{ activeFilter: true }] });
    expect(active.body.publicKeys).toMatchObject([{ keyId: second, active: true }]);
    const remove = (keyId: string) => call(action('RemovePublicKey'), { targetId, keyId });
    expect((await remove(second)).body.code).toBe('failed_precondition');
    expect((await remove(first)).status).toBe(200);
    const unknown = await call(action('ActivatePublicKey'), { targetId, keyId: first });
    expect(unknown.body).toMatchObject({ code: 'failed_precondition' });
    const wrong = await call(action('AddPublicKey'), { targetId, publicKey: 'AAAA' });
    expect(wrong.body.code).toBe('invalid_argument');
  });
});

describe('executions', () => {
  it('are set, replaced, listed and removed by their condition', async () => {
    const [first, second] = [await target(), await target()];
    const condition = { event: { event: 'user.removed' } };
    const set = (targets: readonly string[]) => call(action('SetExecution'), { condition, targets });
    await set([first]);
    const once = await set([second, first]);
    expect((await set([second, first])).body.setDate).toBe(once.body.setDate);
    const list = (filter: object) => call(action('ListExecutions'), { filters: [filter] });
    const ofTarget = await list({ targetFilter: { targetId: first } });
    expect(ofTarget.body.executions).toMatchObject([{ condition, targets: [second, first] }]);
    await call(action('DeleteTarget'), { id: second });
    const byCondition = await list({ inConditionsFilter: { conditions: [condition] } });
    expect(byCondition.body.executions).toMatchObject([{ targets: [first] }]);
    await set([]);
    expect((await list({ targetFilter: { targetId: first } })).body.executions).toBeUndefined();
    expect((await set([])).status).toBe(200);
  });

  it('name only what there is', async () => {
    const targets = [await target()];
    const refusal = async (condition: object, to: readonly string[] = targets) =>
      /\(([\w-]+)\)$/.exec(
        String((await call(action('SetExecution'), { condition, targets: to })).body.message),
      )?.[1];
    expect(await refusal({ event: { event: 'user.vanished' } })).toBe('COMMAND-74aaqj8fv9');
    expect(await refusal({ event: { group: 'nothing' } })).toBe('COMMAND-er5oneb5lz');
    expect(await refusal({ event: {} })).toBe('COMMAND-w5smb6v7qu');
    expect(await refusal({ event: { event: 'user.removed', all: true } })).toBe('COMMAND-hdm4zl1hmd');
    expect(await refusal({ function: { name: 'postsomething' } })).toBe('COMMAND-cdy39t0ksr');
    expect(await refusal({ request: { method: '/zitadel.user.v2.UserService/Nope' } })).toBe(
      'COMMAND-vysplsevt8',
    );
    expect(await refusal({ response: { service: 'zitadel.nope' } })).toBe('COMMAND-qu6dfhiioq');
    expect(await refusal({ event: { event: 'user.removed' } }, ['none'])).toBe('COMMAND-17e8fq1ggk');
  });

  it('are what upstream calls them in every form', async () => {
    const targets = [await target()];
    const conditions = [
      { event: { group: 'user.human' } },
      { function: { name: 'preuserinfo' } },
      { request: { method: '/zitadel.user.v2.UserService/CreateUser' } },
      { response: { service: 'zitadel.user.v2.UserService' } },
      { request: { all: true } },
    ];
    for (const condition of conditions) await call(action('SetExecution'), { condition, targets });
    const { body } = await call(action('ListExecutions'), {
      filters: [{ targetFilter: { targetId: targets[0] } }],
      sortingColumn: 'EXECUTION_FIELD_NAME_CREATED_DATE',
      pagination: { asc: true },
    });
    const listed = (body.executions as { condition: object }[]).map(({ condition }) => condition);
    expect(listed).toEqual(expect.arrayContaining(conditions));
    for (const condition of conditions) await call(action('SetExecution'), { condition });
    const { body: functions } = await call(action('ListExecutionFunctions'));
    expect(functions.functions).toContain('preaccesstoken');
    const { body: methods } = await call(action('ListExecutionMethods'));
    expect(methods.methods).toContain('/zitadel.user.v2.UserService/CreateUser');
  });
});
