import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createZitadelEmulator } from '@drawbridge/emulators';
import { DrawbridgeError, type Fetch, Secret } from '@drawbridge/kit';
import { createNetbird } from '@drawbridge/netbird';
import { createOpenbao } from '@drawbridge/openbao';
import { type DoctorPatient, doctorChecks, inspectPeer, type OpenbaoPatient } from '@drawbridge/stack';
import {
  type CheckResult,
  createZitadel,
  loadServiceAccount,
  parseApplicationKey,
  parseServiceAccount,
  runChecks,
  ZitadelError,
} from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeAuthority } from '../../../kit/test/support/authority.ts';
import { closedOrigin, loopback } from '../../../kit/test/support/loopback.ts';
import { firingCheck } from '../../src/doctor/targets.ts';
import { openWorld, type World } from './world.ts';

const day = 86_400_000;
const hour = 3_600_000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function diagnose(patient: DoctorPatient): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for await (const result of runChecks(doctorChecks, patient)) results.push(result);
  return results;
}

const isFinding = ({ state }: CheckResult) => state === 'warn' || state === 'fail';

it('finds nothing where everything is well, and skips nothing but what is not set', async () => {
  const results = await diagnose(world.patient());
  expect(results.filter(({ state }) => state !== 'ok')).toEqual([
    { name: 'database', state: 'skip', text: 'no database is set (DATABASE_URL)' },
  ]);
  expect(results).toHaveLength(doctorChecks.length);
});

/** The real answers, but for those whose path ends like this. */
function instead(path: string, answer: () => Response): { readonly fetch: Fetch } {
  return {
    fetch: async (input, init) =>
      new URL(input).pathname.endsWith(path) ? answer() : await world.http.fetch(input, init),
  };
}

const document = (issuer: string) =>
  Response.json({ issuer }, { headers: { date: new Date().toUTCString() } });

const elsewhere = 'https://sso.acme.example';

/** A certificate as a server might show it; what answers there calls itself so. */
const showing = (certificate: {
  refusal?: string;
  days: number;
  names?: string;
}): Partial<DoctorPatient> => ({
  issuer: elsewhere,
  fetch: async (input, init) => {
    const url = String(input);
    if (url.endsWith('/openid-configuration')) return document(elsewhere);
    return await world.http.fetch(url.replace(elsewhere, world.issuer), init);
  },
  inspectPeer: async ({ serverName }) =>
    serverName === undefined
      ? {}
      : {
          certificate: {
            refusal: certificate.refusal,
            expiresAt: Date.now() + certificate.days * day + hour,
            names: certificate.names ?? 'DNS:sso.acme.example',
            signer: 'Acme CA',
          },
        },
  // Both know the emulated instance by its real name.
  application: undefined,
  openbao: undefined,
  mayProbe: false,
});

/** Signs in as somebody else. */
async function signedInAs(who: Awaited<ReturnType<World['machine']>>): Promise<Partial<DoctorPatient>> {
  const zitadel = createZitadel({
    issuer: world.issuer,
    http: world.http,
    credentials: who.account,
    totalMs: 4_000,
  });
  onTestFinished(() => zitadel.close());
  return { loadKey: async () => who.account, zitadel: async () => zitadel };
}

async function keyFile(content: string, mode = 0o600): Promise<Partial<DoctorPatient>> {
  const keyPath = join(world.folder, `key-${Math.random()}.json`);
  await writeFile(keyPath, content);
  await chmod(keyPath, mode);
  return { keyPath, keyPlace: keyPath, loadKey: () => loadServiceAccount(keyPath) };
}

const key = () => JSON.stringify(world.emulator.bootstrap.serviceAccountKey);

interface Planted {
  readonly fault: string;
  /** Makes it, and what undoes it at the end of the test. */
  readonly plant: () => Partial<DoctorPatient> | Promise<Partial<DoctorPatient>>;
  /** The first finding. */
  readonly check: string;
  readonly state?: 'warn' | 'fail';
  readonly says: RegExp;
  readonly remedy: RegExp;
}

const faults: readonly Planted[] = [
  {
    fault: 'the issuer spells out the port that its scheme has anyway',
    plant: () => ({ issuer: 'https://sso.acme.example:443' }),
    check: 'spelling',
    says: /spells out port 443/,
    remedy: /^set ZITADEL_ISSUER=https:\/\/sso\.acme\.example$/,
  },
  {
    fault: 'the issuer ends in a slash',
    plant: () => ({ issuer: `${world.issuer}/` }),
    check: 'spelling',
    says: /another spelling/,
    remedy: /^set ZITADEL_ISSUER=http:\/\/localhost:\d+$/,
  },
  {
    fault: 'the name does not resolve',
    plant: () => ({
      lookup: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })),
    }),
    check: 'name',
    says: /localhost does not resolve \(ENOTFOUND\)/,
    remedy: /ZITADEL_API/,
  },
  {
    fault: "nothing listens at the issuer's port",
    plant: async () => ({ address: new URL(await closedOrigin()).host }),
    check: 'port',
    says: /nothing answers at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
    remedy: /ZITADEL_API to host:port/,
  },
  {
    fault: 'the certificate has ended',
    plant: () => showing({ refusal: 'CERT_HAS_EXPIRED', days: -4 }),
    check: 'tls',
    says: /ended 4 days ago/,
    remedy: /renew it/,
  },
  {
    fault: 'the certificate is not valid yet, by the clock of this machine',
    plant: () => showing({ refusal: 'CERT_NOT_YET_VALID', days: 90 }),
    check: 'tls',
    says: /not valid yet/,
    remedy: /^sudo timedatectl set-ntp true$/,
  },
  {
    fault: 'the certificate is of an authority that is not known here',
    plant: () => showing({ refusal: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', days: 90 }),
    check: 'tls',
    says: /Acme CA, whom this machine does not know/,
    remedy: /^set NODE_EXTRA_CA_CERTS=/,
  },
  {
    fault: 'the certificate is for another name',
    plant: () => showing({ refusal: 'ERR_TLS_CERT_ALTNAME_INVALID', days: 90, names: 'DNS:ingress.local' }),
    check: 'tls',
    says: /for DNS:ingress\.local, not for sso\.acme\.example/,
    remedy: /have the certificate name sso\.acme\.example/,
  },
  {
    fault: 'the certificate ends within days',
    plant: () => ({ ...showing({ days: 3 }), ...withoutTargets() }),
    check: 'tls',
    state: 'warn',
    says: /ends in 3 days/,
    remedy: /renew it/,
  },
  {
    fault: 'the Host is not that of the instance',
    plant: () => ({ issuer: world.issuer.replace('localhost', '127.0.0.1') }),
    check: 'issuer',
    says: /no instance answers to 127\.0\.0\.1/,
    remedy: /set ZITADEL_ISSUER to the URL that Zitadel's console has; keep ZITADEL_API/,
  },
  {
    fault: 'a proxy drops the port of the issuer',
    plant: () => instead('/openid-configuration', () => document('http://localhost')),
    check: 'issuer',
    says: /says that its issuer is http:\/\/localhost$/,
    remedy: /^set ZITADEL_ISSUER=http:\/\/localhost, and the port that is dialled as ZITADEL_API$/,
  },
  {
    fault: 'Zitadel does not know of the TLS in front of it',
    plant: () => instead('/openid-configuration', () => document(world.issuer.replace('http:', 'https:'))),
    check: 'issuer',
    says: /says that its issuer is https:/,
    remedy: /ExternalSecure/,
  },
  {
    fault: 'the proxy in front of Zitadel has nothing behind it',
    plant: () => instead('/openid-configuration', () => new Response('<html>', { status: 502 })),
    check: 'issuer',
    says: /answers 502/,
    remedy: /logs of Zitadel and of the proxy/,
  },
  {
    fault: 'the clock is five minutes off',
    plant: () => {
      world.emulator.controls.clockOffsetMs = -300_000;
      onTestFinished(() => {
        world.emulator.controls.clockOffsetMs = 0;
      });
      return {};
    },
    check: 'clock',
    says: /\d{3} s ahead of Zitadel/,
    remedy: /^sudo timedatectl set-ntp true$/,
  },
  {
    fault: 'the key file is not there',
    plant: () => {
      const keyPath = join(world.folder, 'absent.json');
      return { keyPath, loadKey: () => loadServiceAccount(keyPath) };
    },
    check: 'key file',
    says: /cannot be read: there is none/,
    remedy: /ZITADEL_KEY_PATH/,
  },
  {
    fault: 'S13 others may read the key file',
    plant: () => keyFile(key(), 0o644),
    check: 'key file',
    state: 'warn',
    says: /others may read .* \(mode 0644\)/,
    remedy: /^chmod 600 /,
  },
  {
    fault: "the key file is an application's",
    plant: () => keyFile('{"type":"application","keyId":"1","key":"x","appId":"2","clientId":"3"}'),
    check: 'key file',
    says: /key of an application/,
    remedy: /Create a key of type JSON for the service account/,
  },
  {
    fault: 'the key has ended',
    plant: () => ({ loadKey: async () => ({ ...world.account, expiresAt: Date.now() - 2 * day }) }),
    check: 'key',
    says: /ended \d days ago/,
    remedy: /create a new key for the service account and put it at/,
  },
  {
    fault: 'the key ends within days',
    plant: () => ({ loadKey: async () => ({ ...world.account, expiresAt: Date.now() + 6 * day + hour }) }),
    check: 'key',
    state: 'warn',
    says: /ends in 6 days/,
    remedy: /create a new key/,
  },
  {
    fault: 'the key was taken away in Zitadel',
    plant: async () => {
      const who = await world.machine('former');
      await world.zitadel.users.removeKey(who.id, who.keyId);
      return await signedInAs(who);
    },
    check: 'token',
    says: /refused/i,
    remedy: /its key is still listed there/,
  },
  {
    fault: 'Zitadel is too old',
    plant: () => ({
      zitadel: async () => ({
        ...world.zitadel,
        probe: async () => {
          throw new DrawbridgeError('zitadel_too_old', { saw: 'Zitadel 4.3.1' });
        },
      }),
    }),
    check: 'version',
    says: /older than 4\.7\.0/,
    remedy: /Upgrade Zitadel to 4\.7\.0/,
  },
  {
    fault: 'the service account has no role',
    plant: async () => await signedInAs(await world.machine('powerless')),
    check: 'roles',
    says: /sees no organization|lacks/,
    remedy: /^make it IAM_USER_MANAGER of the instance$/,
  },
  {
    fault: 'Zitadel publishes no key',
    plant: () => instead('/oauth/v2/keys', () => Response.json({ keys: [] })),
    check: 'jwks',
    says: /publishes no signing key/,
    remedy: /Zitadel's log/,
  },
  {
    fault: 'a cache in front of Zitadel keeps its keys for too long',
    plant: () =>
      instead('/oauth/v2/keys', () =>
        Response.json(
          { keys: [{ kid: '1', kty: 'RSA' }] },
          { headers: { age: '4000', 'cache-control': 'max-age=300' } },
        ),
      ),
    check: 'key cache',
    says: /4000 s old, and good for 300 s/,
    remedy: /pass \/oauth\/v2\/keys on/,
  },
  {
    fault: 'the key that signs now is not published',
    plant: () => {
      const header = Buffer.from('{"alg":"RS256","kid":"newest"}').toString('base64url');
      const token = new Secret(`${header}.e30.c2ln`);
      return {
        zitadel: async () => ({
          ...world.zitadel,
          token: { ...world.zitadel.token, get: async () => token },
        }),
      };
    },
    check: 'key cache',
    says: /newest, which signs now, is not among/,
    remedy: /read it again/,
  },
  {
    fault: 'the application project does not exist',
    plant: () => ({ projectId: '999' }),
    check: 'project',
    says: /shows no project 999/,
    remedy: /DRAWBRIDGE_PROJECT_ID/,
  },
  {
    fault: 'the application that introspects is of another project',
    plant: async () => {
      const { organizationId } = world;
      const other = await world.zitadel.projects.create({ organizationId, name: `Other ${Math.random()}` });
      const application = parseApplicationKey(await world.applicationOf(other.id, 'elsewhere'));
      return { application: async () => application };
    },
    check: 'audience',
    says: /is refused \(inactive\)/,
    remedy: /API application in project/,
  },
  {
    fault: 'the token is not for the project',
    plant: () => ({
      projectToken: async () => await world.tokenFor((await world.machine('astray')).account, '4711'),
    }),
    check: 'audience',
    says: /is refused \(audience\)/,
    remedy: /urn:zitadel:iam:org:project:id:\d+:aud/,
  },
  {
    fault: 'access tokens outlive what is remembered of their revocation',
    plant: async () => {
      const lifetimes = {
        accessTokenMs: 24 * hour,
        idTokenMs: hour,
        refreshIdleMs: 30 * day,
        refreshMs: 90 * day,
      };
      await world.zitadel.oidcSettings.set(lifetimes);
      onTestFinished(async () => {
        await world.zitadel.oidcSettings.set({ ...lifetimes, accessTokenMs: 12 * hour });
      });
      return {};
    },
    check: 'lifetimes',
    says: /access tokens live 24 h/,
    remedy: /shorten them/,
  },
  {
    fault: 'a target does not answer',
    plant: async () => {
      await world.zitadel.actions.updateTarget(world.targetId, {
        endpoint: `${await closedOrigin()}/webhooks`,
      });
      onTestFinished(() =>
        world.zitadel.actions.updateTarget(world.targetId, { endpoint: `${world.directory.url}/webhooks` }),
      );
      return { mayProbe: false };
    },
    check: 'targets',
    state: 'warn',
    says: /target drawbridge-directory is not reached from here/,
    remedy: /^start what listens at /,
  },
  {
    fault: 'a target is in no execution',
    plant: async () => {
      await world.zitadel.actions.setExecution({ event: { event: 'target.changed' } }, []);
      onTestFinished(() =>
        world.zitadel.actions.setExecution({ event: { event: 'target.changed' } }, [world.targetId]),
      );
      return { mayProbe: false };
    },
    check: 'targets',
    state: 'warn',
    says: /is in no execution/,
    remedy: /start drawbridge serve again/,
  },
  {
    fault: 'a target is this machine, to a Zitadel elsewhere',
    plant: () => showing({ days: 90 }),
    check: 'targets',
    says: /target drawbridge-directory is http:\/\/127\.0\.0\.1/,
    remedy: /DRAWBRIDGE_EVENTS_URL/,
  },
  {
    fault: "Zitadel's deny list names a target",
    plant: () => ({
      zitadel: async () => ({
        ...world.zitadel,
        actions: {
          ...world.zitadel.actions,
          updateTarget: async () => {
            throw new ZitadelError('zitadel_invalid_argument', { id: 'COMMAND-jKbbu2' });
          },
        },
      }),
    }),
    check: 'events',
    says: /refuses to call http/,
    remedy: /ZITADEL_EXECUTIONS_DENYLIST/,
  },
  {
    fault: 'events do not arrive at the directory',
    plant: () => {
      const count = world.directory.answers.get('/metrics');
      world.directory.answers.set('/metrics', 'drawbridge_events_received_total{outcome="refused"} 7\n');
      onTestFinished(() => {
        world.directory.answers.set('/metrics', count);
      });
      return { probeMs: 300 };
    },
    check: 'events',
    says: /did not arrive within 0\.3 s/,
    remedy: /refused webhooks/,
  },
  {
    fault: 'the directory does not run',
    plant: async () => ({ directory: await closedOrigin(), mayProbe: false }),
    check: 'directory',
    says: /cannot be reached/,
    remedy: /^start drawbridge serve/,
  },
  {
    fault: 'the directory is not ready',
    plant: () =>
      instead('/readyz', () =>
        Response.json({ status: 'not ready', checks: { database: 'failed' } }, { status: 503 }),
      ),
    check: 'directory',
    says: /is not ready: database/,
    remedy: /readiness check failed/,
  },
  {
    fault: 'the database does not answer',
    plant: async () => ({
      databaseUrl: new Secret(`postgres://drawbridge:hush@${new URL(await closedOrigin()).host}/drawbridge`),
    }),
    check: 'database',
    says: /does not answer \(ECONNREFUSED\)/,
    remedy: /start PostgreSQL, or correct DATABASE_URL/,
  },
  {
    fault: 'OpenBao does not run',
    plant: async () => {
      const client = createOpenbao({ url: await closedOrigin(), totalMs: 1_000 });
      onTestFinished(() => client.close());
      return openbaoWith({ client });
    },
    check: 'openbao',
    says: /cannot be reached/,
    remedy: /^start OpenBao, or set OPENBAO_URL/,
  },
  {
    fault: 'OpenBao is sealed',
    plant: () => {
      world.openbaoEmulator.seal();
      onTestFinished(() => world.openbaoEmulator.unseal());
      return {};
    },
    check: 'openbao',
    says: /sealed/,
    remedy: /bao operator unseal/,
  },
  {
    fault: 'OpenBao knows another issuer',
    plant: async () => {
      await world.writeMethod('https://former.acme.example');
      onTestFinished(() => world.writeMethod());
      return {};
    },
    check: 'openbao role',
    says: /takes tokens of https:\/\/former\.acme\.example/,
    remedy: /^drawbridge setup openbao --issuer http:\/\/localhost:\d+$/,
  },
  {
    fault: 'the role of OpenBao is missing',
    plant: () => openbaoWith({ role: 'harmony-operator' }),
    check: 'openbao role',
    says: /has no role harmony-operator/,
    remedy: /^drawbridge setup openbao --role harmony-operator$/,
  },
  {
    fault: 'the JWT method of OpenBao is missing',
    plant: () => openbaoWith({ mount: 'sso' }),
    check: 'openbao role',
    says: /auth\/sso is not set up/,
    remedy: /^drawbridge setup openbao$/,
  },
  {
    fault: 'OpenBao refuses a sign-in for its audience',
    plant: async () => {
      await world.writeRole(['4711']);
      onTestFinished(() => world.writeRole());
      return {};
    },
    check: 'openbao login',
    says: /refuses a sign-in as harmony-developer/,
    remedy: /--audience/,
  },
  {
    fault: 'NetBird does not take the token',
    plant: () => ({
      netbird: async () => world.netbirdOf(new Secret('nbp_0000000000000000000000000000000000000000')),
    }),
    check: 'netbird',
    says: /did not accept the token/,
    remedy: /Make a new token/,
  },
  {
    fault: 'the token of NetBird may not change users',
    plant: async () => {
      const { url, bootstrap } = world.netbirdEmulator;
      const owner = createNetbird({ url, token: bootstrap.token });
      onTestFinished(() => owner.close());
      const { user } = await owner.users.create({ kind: 'service', name: 'reader', role: 'user' });
      const { token } = await owner.tokens.create(user.id, { name: 'doctor', days: 1 });
      return { netbird: async () => world.netbirdOf(token) };
    },
    check: 'netbird',
    says: /.+/,
    remedy: /admin in NetBird/,
  },
  {
    fault: 'NetBird does not run',
    plant: async () => {
      const url = await closedOrigin();
      return { netbird: async () => createNetbird({ url, token: new Secret('nbp_1'), totalMs: 1_000 }) };
    },
    check: 'netbird',
    says: /cannot be reached/,
    remedy: /^start NetBird/,
  },
  {
    fault: 'kube-apiserver does not reach the identity API',
    plant: () => {
      world.setService({ status: 'False', reason: 'FailedDiscoveryCheck', message: 'connection refused' });
      onTestFinished(() => void world.setService({ status: 'True' }));
      return {};
    },
    check: 'registration',
    says: /is not available: FailedDiscoveryCheck/,
    remedy: /^kubectl describe apiservice v1alpha1\.identity\.miloapis\.com$/,
  },
  {
    fault: 'the kubeconfig leads to something else',
    plant: () => ({ cluster: world.clusterAt(world.directory.url) }),
    check: 'registration',
    says: /no kube-apiserver/,
    remedy: /--kubeconfig/,
  },
  {
    fault: 'the cluster is not reached',
    plant: async () => ({ cluster: world.clusterAt(await closedOrigin()) }),
    check: 'registration',
    says: /cannot be reached/,
    remedy: /kubectl reaches the cluster/,
  },
  {
    fault: "kube-apiserver does not look at the identity API's certificate",
    plant: () => {
      world.setService({ status: 'True' }, { insecureSkipTLSVerify: true });
      onTestFinished(() => void world.setService({ status: 'True' }));
      return {};
    },
    check: 'registration',
    state: 'warn',
    says: /does not look at the certificate/,
    remedy: /caBundle/,
  },
  {
    fault: 'S35 the cluster names nobody as its front proxy',
    plant: () => trusting({ 'requestheader-allowed-names': '[]' }),
    check: 'front proxy',
    says: /names nobody/,
    remedy: /--requestheader-allowed-names/,
  },
  {
    fault: 'the authority of the front proxy ends within days',
    plant: async () =>
      trusting({ 'requestheader-client-ca-file': (await makeAuthority('old', 5 * day + hour)).pem }),
    check: 'front proxy',
    state: 'warn',
    says: /ends in 5 days/,
    remedy: /renew front-proxy-ca/,
  },
  {
    fault: 'S38 kube-apiserver sends no user ids',
    plant: () => {
      world.kube.answers.set('/version', { major: '1', minor: '32+' });
      onTestFinished(() => void world.kube.answers.set('/version', { major: '1', minor: '34' }));
      return {};
    },
    check: 'user ids',
    state: 'warn',
    says: /sends no user ids/,
    remedy: /--uid-from-username/,
  },
];

/** Zitadel as it is for an account that may not read targets. */
function withoutTargets(): Partial<DoctorPatient> {
  const { zitadel } = world;
  const listTargets: typeof zitadel.actions.listTargets = () => {
    throw new ZitadelError('zitadel_forbidden');
  };
  return { zitadel: async () => ({ ...zitadel, actions: { ...zitadel.actions, listTargets } }) };
}

function openbaoWith(planted: Partial<OpenbaoPatient>): Partial<DoctorPatient> {
  const { openbao } = world.patient();
  return { openbao: openbao && { ...openbao, ...planted } };
}

function trusting(planted: Readonly<Record<string, string>>): Partial<DoctorPatient> {
  world.setTrust({ ...world.trust, ...planted });
  onTestFinished(() => void world.setTrust(world.trust));
  return {};
}

describe('of a fault that was planted, it is the first finding, with what to do', () => {
  it.each(faults)('$fault', async ({ plant, check, state = 'fail', says, remedy }) => {
    const results = await diagnose(world.patient(await plant()));
    const first = results.find(isFinding);
    expect(first).toMatchObject({
      name: check,
      state,
      text: expect.stringMatching(says),
      fix: expect.stringMatching(remedy),
    });
    // One cause, one finding: what it leads to is skipped for it.
    expect(results.filter(isFinding)).toEqual([first]);
  });
});

it('skips what is not set up, and says what would set it up', async () => {
  const results = await diagnose(
    world.patient({
      projectId: undefined,
      application: undefined,
      directory: undefined,
      openbao: undefined,
      netbird: undefined,
      cluster: undefined,
      mayProbe: false,
    }),
  );
  expect(results.filter(isFinding)).toEqual([]);
  const skipped = results.filter(({ state }) => state === 'skip');
  expect(skipped.map(({ name }) => name)).toEqual([
    ...['project', 'audience', 'events', 'directory', 'database'],
    ...['openbao', 'openbao role', 'openbao login', 'netbird', 'registration', 'front proxy', 'user ids'],
  ]);
  expect(skipped.every(({ ground }) => ground === undefined)).toBe(true);
});

it('writes nothing into Zitadel unless it may cause events, and then leaves the target as it was', async () => {
  const target = () => world.zitadel.actions.getTarget(world.targetId);
  const before = await target();
  const changes = () => [...world.emulator.events].filter(({ type }) => type === 'target.changed').length;
  const count = changes();
  await diagnose(world.patient({ mayProbe: false }));
  expect(changes()).toBe(count);
  await diagnose(world.patient());
  expect(changes()).toBeGreaterThan(count);
  expect({ ...(await target()), signingKey: undefined }).toEqual({ ...before, signingKey: undefined });
});

it('finds the deny list that Zitadel has, by what it says of its own target', async () => {
  const dataDir = join(world.folder, 'denying');
  // The target is from before there was a list; the list is Zitadel's own, which names this machine.
  const former = createZitadelEmulator({ dataDir, outboundDenyList: [] });
  await former.start();
  const credentials = parseServiceAccount(JSON.stringify(former.bootstrap.serviceAccountKey));
  const first = createZitadel({ issuer: former.issuer, credentials });
  const endpoint = `${world.directory.url}/webhooks`;
  await first.actions.createTarget({
    name: 'drawbridge-directory-old',
    endpoint,
    kind: 'webhook',
    timeoutMs: 5_000,
  });
  await first.close();
  await former.stop();
  const present = createZitadelEmulator({ dataDir });
  await present.start();
  onTestFinished(() => present.stop());
  const zitadel = createZitadel({ issuer: present.issuer, credentials });
  onTestFinished(() => zitadel.close());
  const finding = await firingCheck.run(
    world.patient({ issuer: present.issuer, zitadel: async () => zitadel }),
  );
  expect(finding).toMatchObject({
    state: 'fail',
    fix: expect.stringContaining('ZITADEL_EXECUTIONS_DENYLIST'),
  });
});

it('holds it against no token of a person that it may not read how OpenBao is set up', async () => {
  const { token } = await world.openbao.tokens.create({ policies: ['default'], ttl: '1m' });
  const client = world.openbao.as({ token });
  const results = await diagnose(world.patient(openbaoWith({ client })));
  expect(results.filter(isFinding)).toEqual([]);
  expect(results.find(({ name }) => name === 'openbao role')).toMatchObject({
    state: 'skip',
    text: 'the token may not read the method and role of OpenBao',
  });
  expect(results.find(({ name }) => name === 'openbao login')?.state).toBe('ok');
});

it('signs in at OpenBao for a moment only', async () => {
  const seen = world.openbaoEmulator.events.length;
  await diagnose(world.patient());
  const events = world.openbaoEmulator.events.slice(seen);
  const targets = (type: string) => events.filter((event) => event.type === type).map(({ target }) => target);
  expect(targets('token.create')).toHaveLength(1);
  expect(targets('token.revoke')).toEqual(targets('token.create'));
});

describe('inspectPeer', () => {
  const signal = AbortSignal.timeout(10_000);

  it('tells what is wrong with a certificate, and how long it lasts', async () => {
    const authority = await makeAuthority('Acme CA');
    const { port } = await loopback((_request, response) => response.end(), {
      tls: await authority.issue('zitadel', ['sso.acme.example']),
    });
    const { certificate } = await inspectPeer(
      { host: '127.0.0.1', port, serverName: 'sso.acme.example' },
      signal,
    );
    expect(certificate).toMatchObject({
      refusal: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      names: 'DNS:sso.acme.example',
      signer: 'Acme CA',
    });
    expect(Math.abs((certificate?.expiresAt ?? 0) - Date.now() - hour)).toBeLessThan(10_000);
  });

  it('rejects where nothing listens, and where what listens speaks no TLS', async () => {
    const closed = Number(new URL(await closedOrigin()).port);
    await expect(
      inspectPeer({ host: '127.0.0.1', port: closed, serverName: undefined }, signal),
    ).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    const { port } = await loopback((_request, response) => response.end());
    await expect(inspectPeer({ host: '127.0.0.1', port, serverName: 'a.example' }, signal)).rejects.toThrow();
    expect(await inspectPeer({ host: '127.0.0.1', port, serverName: undefined }, signal)).toEqual({});
  });
});
