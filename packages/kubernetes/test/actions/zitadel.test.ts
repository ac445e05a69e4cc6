import { createTokenSource, parseServiceAccount } from '@drawbridge/zitadel';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { actionPaths, readClaimsPolicy, users } from '../../src/index.ts';
import {
  clearEvents,
  findUser,
  keysOf,
  openActions,
  openTestDatabase,
  servedUsers,
  type TestDatabase,
  until,
} from '../support/actions.ts';
import { type Instance, startInstance } from '../support/instance.ts';
import { openCluster } from '../support/open-cluster.ts';

const inAnHour = () => new Date(Date.now() + 3_600_000);

describe('the actions server behind an emulated Zitadel', () => {
  let instance: Instance;
  let database: TestDatabase;
  beforeAll(async () => {
    [instance, database] = await Promise.all([startInstance({ outboundDenyList: [] }), openTestDatabase()]);
  });
  beforeEach(() => clearEvents(database));
  afterAll(async () => {
    await database.close();
    await instance.stop();
  });

  /** A server with a target for one of its paths, and the key of that target. */
  const open = async (
    path: keyof typeof actionPaths,
    options: Omit<Parameters<typeof openActions>[0], 'database'> = {},
    payload: 'json' | 'jwt' = 'json',
  ) => {
    const { actions } = instance.zitadel;
    const keys = keysOf();
    const { server } = await openActions({ database, keys, ...options });
    const kind = path === 'customizeJwt' ? 'call' : 'webhook';
    const endpoint = `${server.url}${actionPaths[path]}`;
    const made = await actions.createTarget({ name: path, endpoint, kind, timeoutMs: 5_000, payload });
    keys.set(made.signingKey.expose());
    const connect = async (condition: Parameters<typeof actions.setExecution>[0]) => {
      await actions.setExecution(condition, [made.id]);
      // Zitadel calls no target that had no change since (zitadel#12185).
      await actions.updateTarget(made.id, { timeoutMs: 5_001 });
      onTestFinished(() => actions.setExecution(condition, []));
    };
    return { server, connect };
  };

  const addPerson = async (email: string) => {
    const { organizationId, zitadel } = instance;
    const { id } = await zitadel.users.create({
      organizationId,
      human: {
        profile: { givenName: 'Ada', familyName: 'Lovelace' },
        email: { email, isVerified: true },
      },
    });
    return id;
  };

  /** Claims of a JWT access token and of an id_token of a new machine that is an `admin`. */
  const claimsOfMachine = async () => {
    const { zitadel, emulator, organizationId, projectId } = instance;
    const { id } = await zitadel.users.create({
      organizationId,
      username: `robot-${Math.random().toString(36).slice(2)}@shop.example`,
      machine: { name: 'robot', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
    });
    await zitadel.authorizations.create({ userId: id, projectId, organizationId, roleKeys: ['admin'] });
    const { keyFile } = await zitadel.users.addKey(id, { expiresAt: inAnHour() });
    const source = createTokenSource({
      issuer: emulator.issuer,
      credentials: parseServiceAccount(keyFile?.expose() ?? ''),
      fetch: zitadel.fetch,
      scope: `openid urn:zitadel:iam:org:project:id:${projectId}:aud urn:zitadel:iam:org:projects:roles`,
    });
    const token = (await source.get()).expose();
    source.close();
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    return { id, payload };
  };

  it('gives access tokens the claims of the policy, and F8 leaves no metadata at the user', async () => {
    const { zitadel, organizationId } = instance;
    const policy = readClaimsPolicy({
      claims: [
        { claim: 'groups', roles: { organizations: [organizationId], rename: { admin: 'openbao-admins' } } },
      ],
    });
    const { connect } = await open('customizeJwt', { policy: { current: () => policy } });
    await connect({ function: { name: 'preaccesstoken' } });
    const { id, payload } = await claimsOfMachine();
    expect(payload).toMatchObject({
      groups: ['openbao-admins'],
      email: expect.stringMatching(/@shop\.example$/),
    });
    expect(Object.keys(payload).filter((name) => name.endsWith(':log'))).toEqual([]);
    expect([...(await zitadel.users.metadata(id))]).toEqual([]);
  });

  it('takes bodies that the instance has signed, of targets with the payload type JWT', async () => {
    const { zitadel, emulator } = instance;
    const { connect } = await open(
      'customizeJwt',
      { packed: { issuer: emulator.issuer, http: zitadel } },
      'jwt',
    );
    await connect({ function: { name: 'preaccesstoken' } });
    expect((await claimsOfMachine()).payload.email).toMatch(/@shop\.example$/);
  });

  it('leaves a token without any of its claims where it fails, as the target says', async () => {
    const { connect } = await open('customizeJwt', {
      policy: {
        current: () => {
          throw new Error('broken');
        },
      },
    });
    await connect({ function: { name: 'preaccesstoken' } });
    const { payload } = await claimsOfMachine();
    expect([payload.email, payload.groups]).toEqual([undefined, undefined]);
  });

  it('F7 S48 makes each User object once, though webhooks are lost, doubled and late', async () => {
    const { zitadel, emulator } = instance;
    const { server: apiServer, cluster } = await openCluster({ kinds: [servedUsers] });
    const { connect } = await open('createUserAccount', { cluster, zitadel });
    await connect({ event: { event: 'user.human.added' } });
    emulator.controls.set({ webhooks: { loseRate: 0.4, repeatRate: 0.4, delayRate: 0.3 } });
    try {
      const ids: string[] = [];
      for (let at = 0; at < 10; at += 1) ids.push(await addPerson(`ada-${at}@acme.example`));
      for (const [at, id] of ids.entries()) {
        const user = await until(() => findUser(cluster, id), `User ${id}`);
        expect(user.spec.email).toBe(`ada-${at}@acme.example`);
      }
      const posts = apiServer.requests.filter(
        ({ method, plural }) => method === 'POST' && plural === 'users',
      );
      // Beside them is who was there before: catch-up looks back a day.
      expect(posts).toHaveLength((await cluster.objects(users).list()).items.length);
    } finally {
      emulator.controls.reset();
    }
  });
});
