import { readFile, rm, stat } from 'node:fs/promises';
import { DrawbridgeError } from '@drawbridge/kit';
import { createOpenbao } from '@drawbridge/openbao';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readRootToken, type Workshop } from '../../src/phases/index.ts';
import { stackFiles } from '../../src/settings/index.ts';
import { readStackState, type StackEvent, stackUp } from '../../src/up/index.ts';
import { relayUrls } from '../../src/values/index.ts';
import { type Lab, openLab } from './lab.ts';

describe('a local stack', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
  });
  afterEach(() => lab.stop());

  it('is made from nothing, in the order that its parts need', async () => {
    const events: StackEvent[] = [];
    const state = await stackUp(lab.workshop, (event) => events.push(event));
    expect(events.filter(({ state: what }) => what === 'done').map(({ phase }) => phase)).toEqual([
      ...['cluster', 'postgres', 'database', 'zitadel', 'openbao', 'network', 'ready', 'sign-in'],
    ]);
    expect(state).toMatchObject({ reached: 'sign-in', signIn: { state: 'ready' } });
    expect(await readStackState(lab.workshop.settings.folder)).toEqual(state);
    expect(lab.steps.indexOf('database endpoint')).toBeLessThan(lab.steps.indexOf('helm zitadel'));
    expect(lab.steps.indexOf('stale webhook')).toBeLessThan(lab.steps.indexOf('helm openbao'));
  });

  it('keeps what opens it for its owner alone, and no secret in what is known of it', async () => {
    await stackUp(lab.workshop);
    const files = stackFiles(lab.workshop.settings);
    for (const path of [files.openbaoKeys, files.openbaoRootToken, files.zitadelKey, files.kubeconfig])
      expect((await stat(path)).mode & 0o777, path).toBe(0o600);
    const state = await readFile(files.state, 'utf8');
    const token = (await readFile(files.openbaoRootToken, 'utf8')).trim();
    expect(token.length).toBeGreaterThan(8);
    expect(state).not.toContain(token);
  });

  it('run again finds everything as it is to be', async () => {
    const first = await stackUp(lab.workshop);
    const before = [...lab.world.secrets.keys()];
    lab.steps.length = 0;
    expect(await stackUp(lab.again())).toEqual(first);
    expect([...lab.world.secrets.keys()]).toEqual(before);
    // DNS as it was: nobody's lookups are interrupted.
    expect(lab.steps).not.toContain('restart coredns');
    expect(lab.steps).not.toContain('k3d create');
  });

  it('cut off at any step and run again ends the same, with nothing double and nothing left over', async () => {
    const whole = await openLab();
    await stackUp(whole.workshop);
    const steps = [...whole.steps];
    const objects = [...whole.world.objects.keys()];
    await whole.stop();
    expect(steps.length).toBeGreaterThan(20);
    for (const [at, step] of steps.entries()) {
      const one = await openLab();
      try {
        let seen = 0;
        one.before = () => {
          if (seen++ === at) throw new Error(`cut off before ${step}`);
        };
        const cut = await stackUp(one.workshop).catch(() => 'cut off');
        if (step !== 'sign-in') expect(cut, step).toBe('cut off');
        one.before = () => undefined;
        const state = await stackUp(one.again());
        expect(state.signIn, step).toMatchObject({ state: 'ready' });
        expect([...one.world.objects.keys()], step).toEqual(objects);
        expect([...one.world.releases.keys()].toSorted(), step).toEqual(['cnpg', 'openbao', 'zitadel']);
      } finally {
        await one.stop();
      }
    }
  }, 120_000);

  it('is opened again after OpenBao was restarted, and its cluster stopped', async () => {
    await stackUp(lab.workshop);
    lab.openbao.seal();
    lab.world.cluster = 'stopped';
    lab.steps.length = 0;
    const events: StackEvent[] = [];
    await stackUp(lab.again(), (event) => events.push(event));
    expect(lab.steps).toContain('k3d start');
    const openbao = events.find((event) => event.state === 'done' && event.phase === 'openbao');
    expect(openbao).toMatchObject({ text: expect.stringContaining('unsealed again') });
  });

  it('hears what OpenBao says once, however it is interrupted meanwhile', async () => {
    const interrupted = new AbortController();
    const { openOpenbao } = lab.workshop;
    const cut: Workshop = {
      ...lab.again(),
      signal: interrupted.signal,
      openOpenbao(options) {
        const openbao = openOpenbao(options);
        const init: typeof openbao.system.init = (shares, call) => {
          interrupted.abort(new DrawbridgeError('canceled'));
          return openbao.system.init(shares, call);
        };
        return { ...openbao, system: { ...openbao.system, init } };
      },
    };
    await expect(stackUp(cut)).rejects.toMatchObject({ code: 'canceled' });
    const state = await stackUp(lab.again());
    expect(state.signIn).toMatchObject({ state: 'ready' });
  });

  it('says which keys are missing where OpenBao is initialized and nothing here opens it', async () => {
    await stackUp(lab.workshop);
    await rm(stackFiles(lab.workshop.settings).openbaoKeys);
    await expect(stackUp(lab.again())).rejects.toMatchObject({ code: 'stack_keys_missing' });
    const theirs = { ...lab.workshop.settings, context: 'kind-lab' };
    await expect(readRootToken(theirs)).resolves.toBeDefined();
    await rm(stackFiles(theirs).openbaoRootToken);
    await expect(readRootToken(theirs)).rejects.toMatchObject({
      fix: expect.stringContaining('kubectl --context kind-lab delete namespace openbao'),
    });
  });

  it('is left as it is where somebody took the root token away, and says what that leaves out', async () => {
    await stackUp(lab.workshop);
    await rm(stackFiles(lab.workshop.settings).openbaoRootToken);
    const events: StackEvent[] = [];
    const state = await stackUp(lab.again(), (event) => events.push(event));
    expect(state.signIn).toMatchObject({ state: 'failed', code: 'stack_keys_missing' });
    expect(events).toContainEqual(
      expect.objectContaining({ phase: 'openbao', text: expect.stringContaining('without its KV engine') }),
    );
  });

  it('stays usable where the sign-in cannot be wired, and says so', async () => {
    const events: StackEvent[] = [];
    lab.before = (step) => {
      if (step === 'sign-in') throw new Error('discovery failed');
    };
    const state = await stackUp(lab.workshop, (event) => events.push(event));
    expect(state.signIn).toMatchObject({ state: 'failed' });
    expect(events.at(-1)).toMatchObject({ state: 'missing', phase: 'sign-in' });
    expect(await readStackState(lab.workshop.settings.folder)).toEqual(state);
    expect(await engines(lab)).toContain('secret');
  });

  it('is made by one run at a time', async () => {
    const [first, second] = [stackUp(lab.workshop), stackUp(lab.again())];
    const settled = await Promise.allSettled([first, second]);
    expect(settled.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'locked' } },
    ]);
  });

  it('without Zitadel has neither its database nor its sign-in', async () => {
    const workshop = { ...lab.workshop, settings: { ...lab.workshop.settings, zitadel: false } };
    const state = await stackUp(workshop);
    expect([...lab.world.releases.keys()]).toEqual(['openbao']);
    expect(state).toMatchObject({ reached: 'ready', signIn: { state: 'none' } });
    expect(await engines(lab)).toContain('secret');
  });
});

describe('a local stack whose CoreDNS leads pods nowhere', () => {
  const relayImage = 'drawbridge:0.1.0';
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab({ relayImage });
  });
  afterEach(() => lab.stop());
  const objects = () => [...lab.world.objects.keys()];

  it('gives OpenBao Zitadel’s keys by a relay, and leaves names as they are', async () => {
    const state = await stackUp(lab.workshop);
    expect(state).toMatchObject({ reached: 'sign-in', signIn: { state: 'ready' } });
    expect(objects()).toEqual(
      expect.arrayContaining(['Deployment/drawbridge-relay', 'Service/drawbridge-relay']),
    );
    expect(objects()).not.toContain('ConfigMap/coredns-custom');
    expect(lab.steps).not.toContain('restart coredns');
    const { settings } = lab.workshop;
    const token = await readRootToken(settings);
    const openbao = createOpenbao({ url: lab.openbao.url, token, allowInsecure: true });
    onTestFinished(() => openbao.close());
    expect(await openbao.jwt('jwt').readConfig()).toMatchObject({
      oidc_discovery_url: '',
      jwks_url: relayUrls.keys,
      bound_issuer: settings.issuer,
    });
  });

  it('goes on from a run that ended where DNS was no way, and leaves nothing of it', async () => {
    lab.before = (step) => {
      if (step === 'look from a pod')
        throw new DrawbridgeError('stack_not_ready', { message: 'bad address' });
    };
    await expect(stackUp(lab.again({ relayImage: undefined }))).rejects.toMatchObject({
      code: 'stack_not_ready',
    });
    expect(objects()).toContain('ConfigMap/coredns-custom');
    lab.before = () => undefined;
    await stackUp(lab.again());
    expect(objects().filter((one) => /coredns|ingress/.test(one))).toEqual([]);
    // And back, for a cluster that was mended.
    const back = await stackUp(lab.again({ relayImage: undefined }));
    expect(back.signIn).toMatchObject({ state: 'ready' });
    expect(objects().filter((one) => one.includes('relay'))).toEqual([]);
  });
});

/** Where OpenBao of a lab keeps values. */
async function engines({ openbao, workshop }: Lab): Promise<readonly string[]> {
  const token = await readRootToken(workshop.settings);
  const client = createOpenbao({ url: openbao.url, token });
  try {
    return (await client.mounts.list()).map(({ path }) => path);
  } finally {
    await client.close();
  }
}
