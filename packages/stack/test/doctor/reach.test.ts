import { type DoctorPatient, inspectPeer } from '@drawbridge/stack';
import { ZitadelError } from '@drawbridge/zitadel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeAuthority } from '../../../kit/test/support/authority.ts';
import { closedOrigin, loopback } from '../../../kit/test/support/loopback.ts';
import { document, instead, showing } from './instead.ts';
import { describePlanted, useWorld } from './planted.ts';

const world = useWorld();
const hour = 3_600_000;

/** Zitadel as it is for an account that may not read targets. */
function withoutTargets(): Partial<DoctorPatient> {
  const { zitadel } = world();
  const listTargets: typeof zitadel.actions.listTargets = () => {
    throw new ZitadelError('zitadel_forbidden');
  };
  return { zitadel: async () => ({ ...zitadel, actions: { ...zitadel.actions, listTargets } }) };
}

describePlanted(world, [
  {
    fault: 'the issuer spells out the port that its scheme has anyway',
    plant: () => ({ issuer: 'https://sso.acme.example:443' }),
    check: 'spelling',
    says: /spells out port 443/,
    remedy: /^set ZITADEL_ISSUER=https:\/\/sso\.acme\.example$/,
  },
  {
    fault: 'the issuer ends in a slash',
    plant: () => ({ issuer: `${world().issuer}/` }),
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
    plant: () => showing(world(), { refusal: 'CERT_HAS_EXPIRED', days: -4 }),
    check: 'tls',
    says: /ended 4 days ago/,
    remedy: /renew it/,
  },
  {
    fault: 'the certificate is not valid yet, by the clock of this machine',
    plant: () => showing(world(), { refusal: 'CERT_NOT_YET_VALID', days: 90 }),
    check: 'tls',
    says: /not valid yet/,
    remedy: /^sudo timedatectl set-ntp true$/,
  },
  {
    fault: 'the certificate is of an authority that is not known here',
    plant: () => showing(world(), { refusal: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', days: 90 }),
    check: 'tls',
    says: /Acme CA, whom this machine does not know/,
    remedy: /^set NODE_EXTRA_CA_CERTS=/,
  },
  {
    fault: 'the certificate is for another name',
    plant: () =>
      showing(world(), { refusal: 'ERR_TLS_CERT_ALTNAME_INVALID', days: 90, names: 'DNS:ingress.local' }),
    check: 'tls',
    says: /for DNS:ingress\.local, not for sso\.acme\.example/,
    remedy: /have the certificate name sso\.acme\.example/,
  },
  {
    fault: 'the certificate ends within days',
    plant: () => ({ ...showing(world(), { days: 3 }), ...withoutTargets() }),
    check: 'tls',
    state: 'warn',
    says: /ends in 3 days/,
    remedy: /renew it/,
  },
  {
    fault: 'the Host is not that of the instance',
    plant: () => ({ issuer: world().issuer.replace('localhost', '127.0.0.1') }),
    check: 'issuer',
    says: /no instance answers to 127\.0\.0\.1/,
    remedy: /set ZITADEL_ISSUER to the URL that Zitadel's console has; keep ZITADEL_API/,
  },
  {
    fault: 'a proxy drops the port of the issuer',
    plant: () => instead(world(), '/openid-configuration', () => document('http://localhost')),
    check: 'issuer',
    says: /says that its issuer is http:\/\/localhost$/,
    remedy: /^set ZITADEL_ISSUER=http:\/\/localhost, and the port that is dialled as ZITADEL_API$/,
  },
  {
    fault: 'Zitadel does not know of the TLS in front of it',
    plant: () =>
      instead(world(), '/openid-configuration', () => document(world().issuer.replace('http:', 'https:'))),
    check: 'issuer',
    says: /says that its issuer is https:/,
    remedy: /ExternalSecure/,
  },
  {
    fault: 'the proxy in front of Zitadel has nothing behind it',
    plant: () => instead(world(), '/openid-configuration', () => new Response('<html>', { status: 502 })),
    check: 'issuer',
    says: /answers 502/,
    remedy: /logs of Zitadel and of the proxy/,
  },
  {
    fault: 'the clock is five minutes off',
    plant: () => {
      world().emulator.controls.clockOffsetMs = -300_000;
      onTestFinished(() => {
        world().emulator.controls.clockOffsetMs = 0;
      });
      return {};
    },
    check: 'clock',
    says: /\d{3} s ahead of Zitadel/,
    remedy: /^sudo timedatectl set-ntp true$/,
  },
]);

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
