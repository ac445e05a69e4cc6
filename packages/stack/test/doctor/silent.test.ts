import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { createHttpClient, Secret } from '@drawbridge/kit';
import { createOpenbao } from '@drawbridge/openbao';
import { inspectPeer } from '@drawbridge/stack';
import { expect, it, onTestFinished } from 'vitest';
import { makeAuthority } from '../../../kit/test/support/authority.ts';
import { closedOrigin, loopback } from '../../../kit/test/support/loopback.ts';
import { portCheck } from '../../src/doctor/reach.ts';
import { describePlanted, diagnose, isFinding, useWorld } from './planted.ts';

const world = useWorld();

/** Takes connections and says nothing, as what stands behind a wrong port forwarding does. */
async function silentOrigin(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Looks at the silent one for a short time only. */
function impatient() {
  const http = createHttpClient({ timeoutMs: 300 });
  onTestFinished(() => http.close());
  return http.fetch;
}

describePlanted(world, [
  {
    fault: 'what listens at the issuer never answers',
    plant: async () => ({
      issuer: await silentOrigin(),
      fetch: impatient(),
      directory: undefined,
      openbao: undefined,
    }),
    check: 'issuer',
    says: /did not answer within 0\.3 s/,
    remedy: /^look at Zitadel's log/,
  },
  {
    fault: 'OpenBao never answers',
    plant: async () => {
      const url = await silentOrigin();
      const client = createOpenbao({ url, totalMs: 300 });
      onTestFinished(() => client.close());
      const { openbao } = world().patient();
      return { openbao: openbao && { ...openbao, client } };
    },
    check: 'openbao',
    says: /^127\.0\.0\.1:\d+ did not answer in time/,
    remedy: /^start OpenBao/,
  },
  {
    fault: 'the database takes connections and never answers',
    plant: async () => ({
      databaseUrl: new Secret(`postgres://drawbridge:hush@${new URL(await silentOrigin()).host}/drawbridge`),
    }),
    check: 'database',
    says: /does not answer \(no answer in time\)/,
    remedy: /^start PostgreSQL/,
  },
  {
    fault: 'the directory does not run, and an event should arrive there',
    plant: async () => ({ directory: await closedOrigin(), mayProbe: true }),
    check: 'directory',
    says: /cannot be reached/,
    remedy: /^start drawbridge serve/,
  },
  {
    fault: 'the directory is another server',
    plant: async () => {
      const { port } = await loopback((_request, response) => response.writeHead(404).end('<html>'));
      return { directory: `http://127.0.0.1:${port}` };
    },
    check: 'directory',
    says: /\/readyz answers 404/,
    remedy: /URL of drawbridge serve itself/,
  },
  {
    fault: 'a proxy in front of the directory keeps its metrics back',
    plant: async () => {
      const { port } = await loopback((request, response) => {
        response.writeHead(request.url === '/readyz' ? 200 : 403).end('{}');
      });
      return { directory: `http://127.0.0.1:${port}` };
    },
    check: 'events',
    state: 'warn',
    says: /\/metrics does not count events/,
    remedy: /where drawbridge serve shows its metrics/,
  },
  {
    fault: 'a target of the actions server is in no execution',
    plant: async () => {
      const { actions } = world().zitadel;
      const { id } = await actions.createTarget({
        name: 'drawbridge-claims',
        endpoint: `${world().directory.url}/v1/actions/customize-jwt`,
        kind: 'call',
        timeoutMs: 5_000,
      });
      onTestFinished(async () => {
        await actions.removeTarget(id);
      });
      return { mayProbe: false };
    },
    check: 'targets',
    state: 'warn',
    says: /drawbridge-claims is in no execution/,
    remedy: /^drawbridge setup zitadel --actions-url/,
  },
]);

it('says that a port took too long in words, not by the number that the time-out has', async () => {
  const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  const { text } = await portCheck.run(world().patient({ inspectPeer: () => Promise.reject(late) }));
  expect(text).toMatch(/^nothing answers at localhost:\d+ \(no answer in time\)$/);
});

it('leaves the target as it was where somebody interrupts between the change and the change back', async () => {
  const { zitadel, targetId } = world();
  const before = await zitadel.actions.getTarget(targetId);
  const interrupted = new AbortController();
  const updateTarget: typeof zitadel.actions.updateTarget = async (id, change, options) => {
    const done = await zitadel.actions.updateTarget(id, change, options);
    interrupted.abort(new Error('Interrupted.'));
    options?.signal?.throwIfAborted();
    return done;
  };
  const patient = world().patient({
    signal: interrupted.signal,
    zitadel: async () => ({ ...zitadel, actions: { ...zitadel.actions, updateTarget } }),
  });
  await expect(diagnose(patient, interrupted.signal)).rejects.toThrow('Interrupted.');
  const after = await zitadel.actions.getTarget(targetId);
  expect({ ...after, signingKey: undefined }).toEqual({ ...before, signingKey: undefined });
});

it('compares the certificate of an issuer that is an address with that address', async () => {
  const authority = await makeAuthority('Acme CA');
  const tls = await authority.issue('zitadel', ['sso.acme.example']);
  const { port } = await loopback((_request, response) => response.end(), { tls });
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(warning.message);
  process.on('warning', note);
  onTestFinished(() => {
    process.off('warning', note);
  });
  const peer = { host: '127.0.0.1', port, serverName: '127.0.0.1' };
  const { certificate } = await inspectPeer(peer, AbortSignal.timeout(10_000));
  expect(certificate?.names).toBe('DNS:sso.acme.example');
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});

it('looks at everything at once: what is slow keeps nothing else waiting', async () => {
  const { promise: openbaoIsAsked, resolve } = Promise.withResolvers<void>();
  const { openbao } = world().patient();
  const client = openbao && {
    ...openbao.client,
    system: {
      ...openbao.client.system,
      requireActive: async (options?: { readonly signal?: AbortSignal }) => {
        resolve();
        return await openbao.client.system.requireActive(options);
      },
    },
  };
  const results = await diagnose(
    world().patient({
      openbao: openbao && client && { ...openbao, client },
      mayProbe: false,
      fetch: async (input, init) => {
        // The directory comes first in the list.
        if (String(input).endsWith('/readyz')) await openbaoIsAsked;
        return await world().http.fetch(input, init);
      },
    }),
  );
  expect(results.filter(isFinding)).toEqual([]);
});
