import { isLoopback, parseAddress } from '@drawbridge/kit';
import type { DoctorCheck, DoctorPatient, PeerAddress } from './patient.ts';

/** Where the connection for the issuer goes. */
function peerOf({ issuer, address }: Pick<DoctorPatient, 'issuer' | 'address'>): PeerAddress {
  const url = new URL(issuer);
  const serverName = url.protocol === 'https:' ? url.hostname.replace(/^\[|\]$/g, '') : undefined;
  return { ...parseAddress(address ?? url.host, issuer), serverName };
}

/** The issuer is written as Zitadel writes it: nothing that a URL may leave out, nothing that it may add. */
export const spellingCheck: DoctorCheck = {
  name: 'spelling',
  needs: [],
  async run({ issuer }) {
    const plain = new URL(issuer).href.replace(/\/$/, '');
    if (plain === issuer) return { state: 'ok', text: `${issuer} is spelled as Zitadel spells it` };
    const { port } = /:(?<port>\d+)\/?$/.exec(issuer)?.groups ?? {};
    const needless = port !== undefined && new URL(issuer).port === '';
    return {
      state: 'fail',
      text: needless
        ? `${issuer} spells out port ${port}, which its scheme has anyway`
        : `${issuer} is another spelling of ${plain}`,
      means: 'issuers are compared byte for byte: no token would be of this one',
      fix: `set ZITADEL_ISSUER=${plain}`,
    };
  },
};

/** The name that is dialled has an address. */
export const nameCheck: DoctorCheck = {
  name: 'name',
  needs: ['spelling'],
  async run(patient) {
    const { host } = peerOf(patient);
    const reason = await patient.lookup(host).then(
      (found) => (found.length > 0 ? undefined : 'no address'),
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    );
    if (reason === undefined) return { state: 'ok', text: `${host} resolves` };
    return {
      state: 'fail',
      text: `${host} does not resolve (${reason})`,
      means: 'nothing here can reach Zitadel',
      fix:
        patient.address === undefined
          ? 'set ZITADEL_API to where its port is, or give the name an address in DNS or /etc/hosts'
          : 'set ZITADEL_API to an address that resolves here',
    };
  },
};

/** Something listens at the port that is dialled, which is the issuer's unless an address says otherwise. */
export const portCheck: DoctorCheck = {
  name: 'port',
  needs: ['name'],
  async run(patient) {
    const peer = peerOf(patient);
    const place = `${peer.host}:${peer.port}`;
    try {
      await patient.inspectPeer({ ...peer, serverName: undefined }, patient.signal);
      return { state: 'ok', text: `${place} takes connections` };
    } catch (error) {
      const saw = reasonOf(error);
      return {
        state: 'fail',
        text: `nothing answers at ${place} (${saw})`,
        means:
          patient.address === undefined
            ? `${patient.issuer} means port ${peer.port}; Zitadel's may be elsewhere`
            : `ZITADEL_API leads to ${place}`,
        fix: 'start Zitadel, or set ZITADEL_API to host:port of where it listens; keep ZITADEL_ISSUER',
      };
    }
  },
};

/** The system's code; what took too long has a number there, which says nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  const { code } = error as NodeJS.ErrnoException;
  if (error.name === 'TimeoutError') return 'no answer in time';
  return typeof code === 'string' ? code : error.name;
}

const day = 86_400_000;
const soonDays = 14;

/** The certificate is for the issuer's name, of a known authority, and has time left. */
export const tlsCheck: DoctorCheck = {
  name: 'tls',
  needs: ['port'],
  async run(patient) {
    const peer = peerOf(patient);
    if (peer.serverName === undefined) {
      if (isLoopback(new URL(patient.issuer))) return { state: 'ok', text: 'plain http, on this machine' };
      return {
        state: 'warn',
        text: `${patient.issuer} is plain http`,
        means: 'whoever is on the way reads tokens, and can sign in with them',
        fix: 'put TLS in front of Zitadel, and set ExternalSecure',
      };
    }
    const { certificate } = await patient.inspectPeer(peer, patient.signal);
    if (!certificate)
      return { state: 'fail', text: 'the server shows no certificate', fix: 'look at its log' };
    const days = Math.floor((certificate.expiresAt - patient.now()) / day);
    if (certificate.refusal !== undefined) {
      return { state: 'fail', ...refusalOf(certificate.refusal, { ...certificate, days, peer }) };
    }
    if (days >= soonDays) return { state: 'ok', text: `by ${certificate.signer}, ${days} days left` };
    return {
      state: 'warn',
      text: `the certificate ends in ${days} day${days === 1 ? '' : 's'}`,
      means: 'everything stops then',
      fix: 'renew it; look whether what renews it by itself still runs',
    };
  },
};

function refusalOf(
  code: string,
  seen: {
    readonly names: string;
    readonly signer: string;
    readonly days: number;
    readonly peer: PeerAddress;
  },
): { readonly text: string; readonly means: string; readonly fix: string } {
  const { names, signer, days, peer } = seen;
  if (code === 'CERT_HAS_EXPIRED') {
    return {
      text: `the certificate ended ${-days} days ago`,
      means: 'no connection is made',
      fix: 'renew it; look whether what renews it by itself still runs',
    };
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return {
      text: 'the certificate is not valid yet',
      means: "this machine's clock is behind, or the certificate was made with one that is ahead",
      fix: 'sudo timedatectl set-ntp true',
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      text: `the certificate is for ${names}, not for ${peer.serverName}`,
      means: 'another server answers there, or the issuer is missing among its names',
      fix: `have the certificate name ${peer.serverName}, or set ZITADEL_API to the server that has it`,
    };
  }
  return {
    text: `the certificate is of ${signer}, whom this machine does not know (${code})`,
    means: 'an authority of your own, or the server does not send its intermediates',
    fix: 'set NODE_EXTRA_CA_CERTS=/path/to/ca.pem',
  };
}
