import type { Secret } from '@drawbridge/kit';
import type { Cluster } from '@drawbridge/kubernetes';
import type { Netbird } from '@drawbridge/netbird';
import type { Openbao } from '@drawbridge/openbao';
import type { ApplicationKey, Check, InstancePatient } from '@drawbridge/zitadel';
import type { PeerReport } from './inspect-peer.ts';

/** What `drawbridge doctor` looks at. What is undefined is not set up, and its checks are skipped. */
export interface DoctorPatient extends InstancePatient {
  /** Where the issuer's port is, if not at the issuer itself. */
  readonly address: string | undefined;
  /** The service account's key file. */
  readonly keyPath: string;
  /** Addresses of a host. Rejects as `dns.promises.lookup` does. */
  readonly lookup: (host: string) => Promise<readonly string[]>;
  /** What a server shows when it is connected to. Rejects where it is not reached. */
  readonly inspectPeer: (peer: PeerAddress, signal: AbortSignal) => Promise<PeerReport>;
  /** The application project that tokens are for. */
  readonly projectId: string | undefined;
  /** The application that asks Zitadel about tokens. */
  readonly application: (() => Promise<ApplicationKey>) | undefined;
  /** An access token of the service account that is for the application project, and not for Zitadel. */
  readonly projectToken: (signal: AbortSignal) => Promise<Secret>;
  /** Origin of the directory. */
  readonly directory: string | undefined;
  readonly databaseUrl: Secret | undefined;
  readonly openbao: OpenbaoPatient | undefined;
  readonly netbird: (() => Promise<Netbird>) | undefined;
  readonly cluster: (() => Promise<Cluster>) | undefined;
  /** Whether events may be caused in Zitadel, to see them arrive. */
  readonly mayProbe: boolean;
  /** How long a probe event may take, in milliseconds. */
  readonly probeMs: number;
}

/** Where to connect, and whose name the certificate has to bear; absent for plain http. */
export interface PeerAddress {
  readonly host: string;
  readonly port: number;
  readonly serverName: string | undefined;
}

/** The OpenBao that people sign in to with Zitadel. */
export interface OpenbaoPatient {
  readonly client: Openbao;
  /** Whether the client has a token, with which the method can be read. */
  readonly hasToken: boolean;
  /** JWT method. */
  readonly mount: string;
  readonly role: string;
  /** A token of Zitadel to try a sign-in with; undefined where nobody is signed in. Never asks anybody. */
  readonly jwt: (signal: AbortSignal) => Promise<Secret | undefined>;
}

export type DoctorCheck = Check<DoctorPatient>;
