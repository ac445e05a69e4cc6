import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { human, organization } from './fixtures.ts';
import { receive } from './receiver.ts';
import type { ContractCase } from './target.ts';
import { asOwner, eventually, unique, type Wire } from './wire.ts';

const webhook = (extra: object = {}) => ({
  name: unique('target'),
  restWebhook: {},
  timeout: '5s',
  // An address, since a name that does not resolve is refused, and one for documentation, where nobody is.
  endpoint: 'https://192.0.2.1/events',
  ...extra,
});

/** Makes a target that goes again. */
async function makeTarget(wire: Wire, extra: object = {}) {
  const { id = '', signingKey = '' } = await wire.call('action', 'CreateTarget', webhook(extra));
  wire.undo('action', 'DeleteTarget', { id });
  return { id, signingKey };
}

/** What holds for actions and the list of events. */
export const actionCases: readonly ContractCase[] = [
  {
    name: 'a target shows its signing key again, and replaces it only when told to',
    run: (target) =>
      asOwner(target, async (wire) => {
        const name = unique('target');
        const { id, signingKey } = await makeTarget(wire, { name });
        await eventually(async () => {
          const read = await wire.call('action', 'GetTarget', { id });
          assert.equal(read.target?.signingKey, signingKey);
        });
        const same = await wire.call('action', 'UpdateTarget', { id, name });
        assert.equal(same.signingKey, undefined);
        const rotated = await wire.call('action', 'UpdateTarget', { id, expirationSigningKey: '0s' });
        assert.ok(rotated.signingKey);
        assert.notEqual(rotated.signingKey, signingKey);
      }),
  },
  {
    name: 'targets: no timeout is invalid_argument, updating an unknown one not_found, deleting it fine',
    quirk: 6,
    run: (target) =>
      asOwner(target, async (wire) => {
        const id = unique('none');
        await wire.refused('not_found', 'COMMAND-xj14f2cccn', 'action', 'UpdateTarget', { id, name: 'x' });
        await wire.call('action', 'DeleteTarget', { id });
        const endless = webhook({ timeout: '0s' });
        await wire.refused('invalid_argument', undefined, 'action', 'CreateTarget', endless);
      }),
  },
  {
    name: 'a target on the machine itself is refused, and so is a name without an address',
    unless: 'loopback',
    run: (target) =>
      asOwner(target, async (wire) => {
        for (const host of ['localhost', '127.0.0.1', '[::1]', 'nowhere.invalid']) {
          const request = webhook({ endpoint: `http://${host}:8080/` });
          await wire.refused('invalid_argument', 'COMMAND-NcJUKo', 'action', 'CreateTarget', request);
        }
      }),
  },
  {
    name: 'executions name only what there is, can be set twice, and go with no targets',
    run: (target) =>
      asOwner(target, async (wire) => {
        const { id } = await makeTarget(wire);
        const condition = { event: { event: 'user.human.phone.removed' } };
        const set = { condition, targets: [id] };
        await wire.call('action', 'SetExecution', set);
        await wire.call('action', 'SetExecution', set);
        await eventually(async () => {
          const { executions } = await wire.call('action', 'ListExecutions', {
            filters: [{ targetFilter: { targetId: id } }],
          });
          assert.deepEqual(executions?.[0]?.condition, condition);
        });
        await wire.call('action', 'SetExecution', { condition });
        const unknown = { condition, targets: [unique('none')] };
        await wire.refused('not_found', 'COMMAND-17e8fq1ggk', 'action', 'SetExecution', unknown);
        const nothing = { condition: { event: { event: 'user.vanished' } }, targets: [id] };
        await wire.refused('not_found', 'COMMAND-74aaqj8fv9', 'action', 'SetExecution', nothing);
      }),
  },
  {
    name: 'public keys: an unknown target is failed_precondition, the active one stays',
    quirk: 7,
    run: (target) =>
      asOwner(target, async (wire) => {
        const { publicKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const pem = key.export({ type: 'spki', format: 'pem' }).toString();
        const publicKey = Buffer.from(pem).toString('base64');
        const precondition = 'failed_precondition';
        const stray = { targetId: unique('none'), publicKey };
        await wire.refused(precondition, 'ErrTargetNotFound', 'action', 'AddPublicKey', stray);
        const none = { targetId: stray.targetId, keyId: 'none' };
        await wire.refused(precondition, 'ErrKeyNotFound', 'action', 'ActivatePublicKey', none);
        const { id: targetId } = await makeTarget(wire);
        const { keyId } = await wire.call('action', 'AddPublicKey', { targetId, publicKey });
        await wire.call('action', 'ActivatePublicKey', { targetId, keyId });
        await wire.call('action', 'ActivatePublicKey', { targetId, keyId });
        await eventually(async () => {
          const { publicKeys } = await wire.call('action', 'ListPublicKeys', { targetId });
          assert.deepEqual([publicKeys?.[0]?.keyId, publicKeys?.[0]?.active], [keyId, true]);
          const filters = [{ inTargetIdsFilter: { targetIds: [targetId] } }];
          const { targets } = await wire.call('action', 'ListTargets', { filters });
          assert.equal(targets?.[0]?.id, targetId);
        });
        await wire.refused(precondition, undefined, 'action', 'RemovePublicKey', { targetId, keyId });
        await wire.call('action', 'DeactivatePublicKey', { targetId, keyId });
        await wire.call('action', 'RemovePublicKey', { targetId, keyId });
      }),
  },
  {
    name: 'an event reaches a target that was changed after its execution: signed, under mixed keys',
    quirk: 17,
    needs: 'loopback',
    run: (target) =>
      asOwner(target, async (wire) => {
        const receiver = await receive();
        try {
          const { id, signingKey } = await makeTarget(wire, { endpoint: receiver.url });
          const condition = { event: { event: 'user.username.changed' } };
          await wire.call('action', 'SetExecution', { condition, targets: [id] });
          wire.undo('action', 'SetExecution', { condition });
          await wire.call('action', 'UpdateTarget', { id, name: unique('awake') });
          const userId = await human(wire, await organization(wire));
          // What executions there are is known with a delay, and what was missed is not sent again.
          const { raw, signature } = await eventually(async () => {
            const username = unique('renamed');
            await wire.call('user', 'UpdateUser', { userId, username, human: { profile: {} } });
            const found = receiver.received.find(({ raw: text }) => text.includes(userId));
            assert.ok(found, 'nothing has arrived yet');
            return found;
          });
          const [, time = '', mac = ''] = /^t=(\d+),v1=([0-9a-f]+)/.exec(signature) ?? [];
          assert.equal(createHmac('sha256', signingKey).update(`${time}.${raw}`).digest('hex'), mac);
          const body = JSON.parse(raw) as Record<string, unknown>;
          assert.equal(body.aggregateID, userId);
          assert.equal(body.aggregateType, 'user');
          assert.equal(body.event_type, 'user.username.changed');
          assert.equal(typeof body.sequence, 'number');
          for (const key of ['resourceOwner', 'instanceID', 'version', 'created_at', 'event_payload']) {
            assert.ok(key in body, `${key} is missing`);
          }
        } finally {
          await receiver.close();
        }
      }),
  },
  {
    name: 'ListEvents does not lag, counts the sequence by aggregate, and takes `from` as strict',
    quirk: 19,
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        const list = (query: object) =>
          wire.rest('POST', '/admin/v1/events/_search', { aggregateId: userId, ...query });
        const { events = [] } = await list({ asc: true });
        const sequences = events.map(({ sequence }) => Number(sequence));
        assert.deepEqual(
          sequences,
          sequences.map((_, at) => at + 1),
        );
        assert.equal(events[0]?.type?.type, 'user.human.added');
        const newest = await list({});
        assert.deepEqual(
          newest.events?.map(({ sequence }) => sequence),
          events.map(({ sequence }) => sequence).toReversed(),
        );
        const from = events.at(-1)?.creationDate;
        const later = await list({ asc: true, from });
        assert.equal(later.events?.length ?? 0, 0);
      }),
  },
  {
    name: 'a new token for every SetSession; the one before is worth nothing',
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        const made = await eventually(() =>
          wire.call('session', 'CreateSession', { checks: { user: { userId } } }),
        );
        const { sessionId, sessionToken } = made;
        wire.undo('session', 'DeleteSession', { sessionId });
        const next = await wire.call('session', 'SetSession', { sessionId, metadata: { k: 'dg==' } });
        assert.ok(next.sessionToken);
        assert.notEqual(next.sessionToken, sessionToken);
        await wire.call('session', 'GetSession', { sessionId, sessionToken: next.sessionToken });
        await wire.refused('permission_denied', undefined, 'session', 'GetSession', {
          sessionId,
          sessionToken,
        });
      }),
  },
];
